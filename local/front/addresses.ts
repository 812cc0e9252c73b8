import type { ApiDefinition } from "../apigateway/definition.ts";
import { isOperatorApi } from "../apigateway/http/api.ts";

/** Paths of this host for what has an address of its own on AWS. */
export const OPERATOR = "/_local/admin";

/**
 * Acts as DNS: replaces the APIs' addresses on AWS with this host's. Keeps paths, including the stage of a WebSocket
 * API.
 */
export function localAddresses(text: string, apis: ReadonlyMap<string, ApiDefinition>, base: string): string {
  const pattern = /(http|ws)s:\/\/([\w-]+)\.execute-api\.[\w-]+\.amazonaws\.com/gu;
  return text.replace(pattern, (address: string, scheme: string, id: string) => {
    const api = apis.get(id);
    if (api === undefined) return address;
    const host = base.replace(/^http/u, scheme);
    return isOperatorApi(api) ? `${host}${OPERATOR}` : host;
  });
}
