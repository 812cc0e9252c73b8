import { randomUUID } from "node:crypto";
import { jsonObject } from "../aws/json.ts";
import type { FunctionRegistry } from "../lambda/registry.ts";
import { stackId, type Provider } from "./deploy.ts";
import { cannotRun } from "./read.ts";
import type { Json } from "./template.ts";

/** What a custom resource's function PUTs to its ResponseURL. */
interface StackResponse {
  readonly Status?: string;
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, Json>>;
}

export interface CustomResources {
  readonly provide: Provider;
  /** A PUT to `/_cfn/ID`. */
  readonly onResponse: (id: string, body: string) => void;
}

/** Longest wait for a function's answer in ms, longer than any function may run; CloudFormation waits an hour. */
const ANSWER_MS = 150_000;

/** Custom resources served by functions of the template, as in CloudFormation. */
export function createCustomResources(functions: Pick<FunctionRegistry, "find">, endpoint: string): CustomResources {
  const waiting = new Map<string, (response: StackResponse) => void>();
  return {
    async provide(request) {
      const { ServiceToken, ...ResourceProperties } = request.properties;
      const target = typeof ServiceToken === "string" ? functions.find(ServiceToken) : undefined;
      if (target === undefined) throw cannotRun(request, "its ServiceToken is no function of this template");

      const id = randomUUID();
      const answered = Promise.withResolvers<StackResponse>();
      waiting.set(id, answered.resolve);
      const timer = setTimeout(() => answered.resolve({ Reason: `no answer within ${ANSWER_MS / 1000} s` }), ANSWER_MS);
      const invoked = await target.invoke({
        RequestType: "Create",
        ResponseURL: `${endpoint}/_cfn/${id}`,
        StackId: stackId(request.stack),
        RequestId: id,
        LogicalResourceId: request.logicalId,
        ResourceType: request.type,
        ServiceToken,
        ResourceProperties: { ServiceToken, ...textual(ResourceProperties) },
      });
      if (!invoked.ok) answered.resolve({ Reason: invoked.error.errorMessage });
      const { Status, Reason, PhysicalResourceId = request.generatedName, Data = {} } = await answered.promise;
      clearTimeout(timer);
      waiting.delete(id);
      if (Status !== "SUCCESS") throw cannotRun(request, Reason ?? "its function answered FAILED");
      return { ref: PhysicalResourceId, attributes: Data };
    },
    onResponse(id, body) {
      waiting.get(id)?.(jsonObject(body) ?? { Reason: "its function's answer is not a JSON object" });
    },
  };
}

/** CloudFormation passes scalars to custom resources as strings. */
function textual(properties: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const convert = (value: Json): Json => {
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    if (Array.isArray(value)) return (value as readonly Json[]).map(convert);
    if (typeof value === "object" && value !== null) return textual(value as Readonly<Record<string, Json>>);
    return value;
  };
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, convert(value)]));
}
