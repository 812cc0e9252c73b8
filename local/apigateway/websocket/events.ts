import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { apiHost, type ApiDefinition } from "../definition.ts";

/** What does not change during a connection. */
export interface ConnectionFacts {
  readonly connectionId: string;
  /** Unix ms. */
  readonly connectedAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

interface Kind {
  readonly routeKey: string;
  readonly eventType: "CONNECT" | "MESSAGE" | "DISCONNECT";
  /** Unix ms of the arrival. */
  readonly at: number;
}

export const newId = () => randomUUID().replaceAll("-", "").slice(0, 15) + "=";

/** The part of the event that all routes share. */
export function requestContext(api: ApiDefinition, facts: ConnectionFacts, { routeKey, eventType, at }: Kind) {
  const requestId = newId();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: requestTime(at),
    requestTimeEpoch: at,
    messageDirection: "IN",
    stage: api.stage?.name ?? "",
    connectedAt: facts.connectedAt,
    identity: { sourceIp: facts.sourceIp, ...(facts.userAgent !== undefined && { userAgent: facts.userAgent }) },
    requestId,
    domainName: apiHost(api),
    connectionId: facts.connectionId,
    apiId: api.id,
  };
}

/** `09/Apr/2026:18:03:06 +0000` */
export function requestTime(at: number): string {
  const [, day, month, year, time] = new Date(at).toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Headers and query of the handshake, single and multiple. Names are spelt as the client does. */
export function handshake({ rawHeaders, url }: IncomingMessage) {
  const lists = [...headersAsSent(rawHeaders)];
  const query = new URL(url ?? "/", "http://local").searchParams;
  const names = [...new Set(query.keys())];
  return {
    headers: Object.fromEntries(lists.map(([name, values]) => [name, values.at(-1) ?? ""])),
    multiValueHeaders: Object.fromEntries(lists),
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(query),
      multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, query.getAll(name)])),
    }),
  };
}

/** Values by name in its first spelling; AWS's own example of `$connect` converts names to lower case first. */
function headersAsSent(raw: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const spelling = new Map<string, string>();
  const values = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [sent = "", value = ""] = raw.slice(at, at + 2);
    const name = spelling.get(sent.toLowerCase()) ?? sent;
    spelling.set(sent.toLowerCase(), name);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
