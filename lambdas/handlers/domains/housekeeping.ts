import * as v from "valibot";
import type { DomainUpkeep } from "../../usecases/domains/expire-domains.ts";
import type { ConnectionCloser } from "../../usecases/domains/close-connections.ts";

const Message = v.variant("kind", [
  v.object({ kind: v.literal("login"), connectionId: v.string() }),
  v.object({ kind: v.literal("flooding"), connectionId: v.string() }),
  v.object({ kind: v.literal("sweep"), domain: v.string() }),
  // Without a secret: from a session function before an upgrade.
  v.object({ kind: v.literal("first-login"), account: v.string(), secretId: v.optional(v.string(), "") }),
  v.object({ kind: v.literal("tidy"), after: v.optional(v.string()) }),
]);

/** Messages of the check queue (adapters/aws/pbx/check-queue.ts, once a day the schedule). Throws to get one again. */
export const housekeepingHandler =
  (connections: ConnectionCloser, domains: DomainUpkeep) =>
  async (message: unknown): Promise<void> => {
    const check = v.parse(Message, message);
    switch (check.kind) {
      case "login":
        return connections.checkLogin(check.connectionId);
      case "flooding":
        return connections.flooding(check.connectionId);
      case "sweep":
        await connections.sweep(check.domain);
        return;
      case "first-login":
        return domains.loggedIn(check.account, check.secretId);
      case "tidy":
        return domains.tidy(check.after);
    }
  };
