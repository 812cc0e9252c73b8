import { isObject, TemplateError, type Json, type JsonObject } from "./template.ts";

/** Resolves what a template's value refers to. */
export interface Scope {
  /** A parameter, pseudo parameter or resource; undefined is AWS::NoValue. */
  ref(name: string): Promise<Json | undefined>;
  getAtt(logicalId: string, attribute: string): Promise<Json>;
  importValue(name: string): Json;
  condition(name: string): Promise<boolean>;
  readonly mappings: JsonObject;
}

/** The value with intrinsic functions resolved; undefined if AWS::NoValue removes it. Throws a TemplateError. */
export async function resolveValue(value: Json, scope: Scope): Promise<Json | undefined> {
  if (Array.isArray(value)) {
    const items = await Promise.all((value as readonly Json[]).map((item) => resolveValue(item, scope)));
    return items.filter((item) => item !== undefined);
  }
  if (!isObject(value)) return value;
  const [entry, ...others] = Object.entries(value);
  if (entry !== undefined && others.length === 0 && isFunction(entry[0]))
    return applyFunction(entry[0], entry[1], scope);
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await resolveValue(item, scope)] as const),
  );
  return Object.fromEntries(entries.filter((pair): pair is [string, Json] => pair[1] !== undefined));
}

const isFunction = (key: string) => key === "Ref" || key === "Condition" || key.startsWith("Fn::");

async function applyFunction(name: string, argument: Json, scope: Scope): Promise<Json | undefined> {
  switch (name) {
    case "Ref":
      return scope.ref(text(argument, name));
    case "Condition":
      // In a policy statement `Condition` is an ordinary member; only with a string it refers to a condition.
      return typeof argument === "string"
        ? scope.condition(argument)
        : { Condition: (await resolveValue(argument, scope)) ?? null };
    case "Fn::If": {
      const [condition, yes, no] = list(argument, name);
      return resolveValue(((await scope.condition(text(condition, name))) ? yes : no) ?? null, scope);
    }
    case "Fn::Sub":
      return substitute(argument, scope);
    case "Fn::GetAtt": {
      const [id, ...attribute] = typeof argument === "string" ? argument.split(".") : list(argument, name);
      return scope.getAtt(text(id, name), attribute.map(textOf).join("."));
    }
  }
  const resolved = (await resolveValue(argument, scope)) ?? null;
  switch (name) {
    case "Fn::ImportValue":
      return scope.importValue(text(resolved, name));
    case "Fn::Join": {
      const [separator, parts] = list(resolved, name);
      return list(parts, name).map(textOf).join(text(separator, name));
    }
    case "Fn::Split": {
      const [separator, whole] = list(resolved, name);
      return text(whole, name).split(text(separator, name));
    }
    case "Fn::Select": {
      const [index, items] = list(resolved, name);
      return list(items, name)[Number(index)] ?? null;
    }
    case "Fn::Base64":
      return Buffer.from(text(resolved, name)).toString("base64");
    case "Fn::FindInMap": {
      const [map, top, second] = list(resolved, name).map((key) => text(key, name));
      return member(member(member(scope.mappings, map), top), second);
    }
    case "Fn::Equals": {
      const [left, right] = list(resolved, name);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case "Fn::Not":
      return list(resolved, name)[0] !== true;
    case "Fn::And":
      return list(resolved, name).every((part) => part === true);
    case "Fn::Or":
      return list(resolved, name).some((part) => part === true);
    default:
      throw new TemplateError(`${name} is not known to the local host`);
  }
}

async function substitute(argument: Json, scope: Scope): Promise<string> {
  const [template, variables] = typeof argument === "string" ? [argument, {}] : list(argument, "Fn::Sub");
  const known = isObject(variables) ? variables : {};
  const pieces = text(template, "Fn::Sub").split(/\$\{([^}]+)\}/u);
  const values = await Promise.all(
    pieces.map(async (piece, index) => {
      if (index % 2 === 0) return piece;
      if (piece.startsWith("!")) return `\${${piece.slice(1)}}`;
      if (known[piece] !== undefined) return await resolveValue(known[piece], scope);
      const [id = "", ...attribute] = piece.split(".");
      return attribute.length === 0 ? await scope.ref(piece) : await scope.getAtt(id, attribute.join("."));
    }),
  );
  return values.map(textOf).join("");
}

/** A value inside a text: empty if absent, JSON if not a scalar. */
export const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);

function text(value: Json | undefined, name: string): string {
  if (typeof value === "string") return value;
  throw new TemplateError(`${name} needs text, not ${JSON.stringify(value)}`);
}

function list(value: Json | undefined, name: string): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new TemplateError(`${name} needs a list, not ${JSON.stringify(value)}`);
}

function member(map: Json, key: string | undefined): Json {
  const value = isObject(map) && key !== undefined ? map[key] : undefined;
  if (value === undefined) throw new TemplateError(`Fn::FindInMap finds no ${String(key)}`);
  return value;
}
