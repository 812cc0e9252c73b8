import type { CloseOperations } from "../client/aws-client.ts";
import { jsonError } from "./json-wire.ts";
import { percentEncoded } from "./percent-encoding.ts";
import type { Wire } from "./wire.ts";

/** `@connections` of API Gateway: REST with JSON for errors. @param url the stage's callback URL */
export const connectionsWire = (url: string): Wire<CloseOperations> => ({
  write: (_, { ConnectionId = "" }) => ({
    url: new URL(`${url.replace(/\/$/u, "")}/@connections/${percentEncoded(ConnectionId)}`),
    method: "DELETE",
  }),
  read: () => ({}),
  error: (answer) => jsonError(answer, ({ header, code, type }) => header ?? code ?? type),
});
