import type { IncomingMessage } from "node:http";
import { runInNewContext } from "node:vm";
import { EDGE } from "../product.ts";

/** CloudFront's decision on a request: which API gets it under which path, or an answer of its own. */
export type AtEdge =
  | { readonly to: "socket" | "web"; readonly path: string }
  | { readonly to: "viewer"; readonly status: number; readonly headers: Readonly<Record<string, string>> };

interface EdgeRequest {
  readonly uri: string;
}
interface EdgeResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, { readonly value: string }>>;
}

/** Headers hidden from edge functions (CloudFront's guide, "Restrictions on all edge functions"). */
const HIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "trailer",
  "upgrade",
]);

/** One context for all requests: the function is stateless. */
const handler = runInNewContext(`${EDGE.viewerRequest}; handler`) as (event: object) => EdgeRequest | EdgeResponse;

/** Acts as CloudFront with the function deployed there. */
export function atEdge({ method, headers, socket }: IncomingMessage, path: string): AtEdge {
  const shown = Object.entries(headers).filter(([name]) => !HIDDEN.has(name));
  const request = {
    method,
    uri: path,
    headers: Object.fromEntries(shown.map(([name, value]) => [name, { value: String(value) }])),
  };
  const result = handler({ viewer: { ip: socket.remoteAddress ?? "" }, request });
  if ("uri" in result) return { to: EDGE.socketPaths.includes(path) ? "socket" : "web", path: result.uri };
  const answered = Object.entries(result.headers ?? {}).map(([name, { value }]) => [name, value] as const);
  return { to: "viewer", status: result.statusCode, headers: Object.fromEntries(answered) };
}
