import type { IncomingHttpHeaders } from "node:http";
import type { Protocol } from "./protocols.ts";

/** The call of an SDK client. */
export interface CallName {
  readonly service: string;
  readonly operation: string;
  readonly protocol: Protocol;
}

/**
 * The service from the credential scope of the signature, the operation from `x-amz-target` (JSON protocols) or the form's
 * `Action` (query protocol).
 */
export function identify(headers: IncomingHttpHeaders, body: Buffer): CallName | undefined {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([a-z0-9-]+)\/aws4_request/u.exec(headers.authorization ?? "")?.[1];
  if (service === undefined) return undefined;
  const target = headers["x-amz-target"];
  if (typeof target === "string") return { service, operation: target.split(".").at(-1) ?? "", protocol: "json" };
  const action = new URLSearchParams(body.toString("utf8")).get("Action");
  return action === null ? undefined : { service, operation: action, protocol: "query" };
}
