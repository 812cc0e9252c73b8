import type { ApiDefinition } from "../apigateway/definition.ts";
import { isOperatorApi } from "../apigateway/http/api.ts";

/** Where this host serves what has an address of its own on AWS. */
export const OPERATOR = "/_local/admin";

/**
 * Plays DNS: puts this host's address in place of those the APIs have on AWS. Paths stay as they are, and the stage of a
 * WebSocket API with them.
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
