import { fullDiff, ResourceImpact } from "@aws-cdk/cloudformation-diff";
import { list, object, text, type Json, type JsonObject } from "./synthesize.ts";

/** The templates of a stage as text, by stack. */
type Templates = Readonly<Record<string, string>>;

/** Resources whose address is in PBXes, browsers or DNS: nothing in stages.ts may replace them. */
const ADDRESSES: ReadonlySet<string> = new Set(["AWS::ApiGatewayV2::Api", "AWS::CloudFront::Distribution"]);

/**
 * What CloudFormation would refuse, or would lose, if the stacks of `before` were deployed as in `after`, in the order in
 * which `cdk deploy --all` does it: each stack before those that import from it. Stacks that have left the app remain, as
 * `cdk deploy` deletes none. Empty if nothing.
 *
 * - An export that a stack imports keeps its name and value until that stack is deployed (CloudFormation user guide,
 *   Outputs: "You can't modify or remove an output value that is referenced by another stack"): its text stays, and
 *   what it refers to is not replaced.
 * - Nothing retained, and nothing with an address, is replaced or leaves its template. Whether a changed property replaces
 *   its resource is decided by the resource's schema, as in `cdk diff`; "may" counts as "does".
 *
 * A version of a function is also retained, but replaced by design with each change.
 */
export function harms(before: Templates, after: Templates): readonly string[] {
  const used = new Set(Object.values(before).flatMap((template) => importsOf(JSON.parse(template) as Json)));
  return Object.entries(before).flatMap(([stack, old]) => {
    const next = after[stack];
    if (next === undefined || next === old) return [];
    const [was, is] = [old, next].map((template) => JSON.parse(template) as JsonObject) as [JsonObject, JsonObject];
    const fates = fatesOf(was, is);
    return [...exportHarms(exportsOf(was), exportsOf(is), used, fates), ...losses(was, fates)];
  });
}

/** Names of all exports that a template imports. */
function importsOf(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(importsOf);
  return Object.entries(object(value)).flatMap(([name, member]) =>
    name === "Fn::ImportValue" ? [text(member)] : importsOf(member),
  );
}

/** By logical id: what is replaced, may be replaced, or leaves the template. */
function fatesOf(was: JsonObject, is: JsonObject): ReadonlyMap<string, "replaced" | "gone"> {
  const fates = new Map<string, "replaced" | "gone">();
  fullDiff({ ...was }, { ...is }).resources.forEachDifference((logicalId, { isRemoval, changeImpact }) => {
    if (isRemoval) fates.set(logicalId, "gone");
    else if (changeImpact === ResourceImpact.WILL_REPLACE || changeImpact === ResourceImpact.MAY_REPLACE)
      fates.set(logicalId, "replaced");
  });
  return fates;
}

type Exports = Readonly<Record<string, Json>>;

const exportsOf = ({ Outputs }: JsonObject): Exports =>
  Object.fromEntries(
    Object.values(object(Outputs)).flatMap((output) => {
      const { Export, Value = null } = object(output);
      return Export === undefined ? [] : [[text(object(Export)["Name"]), Value]];
    }),
  );

const exportHarms = (
  was: Exports,
  is: Exports,
  used: ReadonlySet<string>,
  fates: ReadonlyMap<string, string>,
): readonly string[] =>
  Object.entries(was)
    .filter(([name]) => used.has(name))
    .flatMap(([name, value]) => {
      if (!(name in is)) return [`${name} is in use and goes`];
      if (JSON.stringify(is[name]) !== JSON.stringify(value)) return [`${name} is in use and changes`];
      return referencesOf(value).flatMap((id) =>
        fates.has(id) ? [`${name} is in use and ${id} is ${fates.get(id)}`] : [],
      );
    });

/** Logical ids that a value refers to. */
function referencesOf(value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(referencesOf);
  return Object.entries(object(value)).flatMap(([name, member]) => {
    if (name === "Ref") return [text(member)];
    return name === "Fn::GetAtt" ? [text(list(member)[0])] : referencesOf(member);
  });
}

const losses = ({ Resources }: JsonObject, fates: ReadonlyMap<string, string>): readonly string[] =>
  Object.entries(object(Resources)).flatMap(([id, resource]) => {
    const fate = fates.get(id);
    return fate !== undefined && stays(object(resource)) ? [`${text(object(resource)["Type"])} ${id} is ${fate}`] : [];
  });

const stays = ({ Type, DeletionPolicy, UpdateReplacePolicy }: JsonObject): boolean =>
  Type !== "AWS::Lambda::Version" &&
  (ADDRESSES.has(text(Type)) ||
    [DeletionPolicy, UpdateReplacePolicy].some((policy) => /^Retain/u.test(text(policy ?? ""))));
