import * as v from "valibot";
import { excerpt } from "../shared/terminal.ts";
import { pbxError } from "./errors.ts";
import { request } from "./http.ts";
import { registerUrl } from "./url.ts";

const ticketSchema = v.object({
  ticket: v.string(),
  /** To be entered on the page behind the link in the email. */
  code: v.string(),
  /** Life of code and link, in s. */
  expiresIn: v.number(),
});
/** What the Connect window gets for a domain and an email address. */
export type Ticket = v.InferOutput<typeof ticketSchema>;

const registrationSchema = v.variant("state", [
  v.object({ state: v.literal("waiting") }),
  /** Without a reason: confirmed, and the password is no longer shown. */
  v.object({ state: v.literal("expired"), reason: v.optional(v.string()) }),
  v.object({ state: v.literal("confirmed"), domain: v.string(), url: v.string(), password: v.string() }),
]);
/** The answer to a poll. */
export type Registration = v.InferOutput<typeof registrationSchema>;

/**
 * The Connect window's side of Registration (docs/protocol.md). Each call rejects as `request` does, and with a
 * PbxError `protocol` if the answer is not from a push service.
 */
export function registrationClient(address: string, signal: AbortSignal) {
  const url = registerUrl(address);
  const bearer = (ticket: string) => ({ authorization: `Bearer ${ticket}` });
  return {
    start: async (domain: string, email: string): Promise<Ticket> => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ domain, email });
      return read(ticketSchema, await request(url, signal, { method: "POST", headers, body }));
    },
    poll: async (ticket: string): Promise<Registration> =>
      read(registrationSchema, await request(url, signal, { headers: bearer(ticket) })),
    acknowledge: async (ticket: string): Promise<void> => {
      await request(url, signal, { method: "DELETE", headers: bearer(ticket) });
    },
  };
}

function read<T>(schema: v.GenericSchema<unknown, T>, body: string): T {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
  if (parsed.success) return parsed.output;
  throw pbxError(`not an answer of a push service: ${excerpt(body)}`, { kind: "protocol" });
}
