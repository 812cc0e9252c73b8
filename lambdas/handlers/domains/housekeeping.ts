import * as v from "valibot";
import type { Aging } from "../../usecases/domains/expire-domains.ts";
import type { Watching } from "../../usecases/domains/close-connections.ts";

const Message = v.variant("kind", [
  v.object({ kind: v.literal("login"), connectionId: v.string() }),
  v.object({ kind: v.literal("sweep"), domain: v.string() }),
  v.object({ kind: v.literal("first-login"), account: v.string() }),
  v.object({ kind: v.literal("tidy"), after: v.optional(v.string()) }),
]);

/** Messages of the check queue (adapters/aws/pbx/check-queue.ts, and once a day the schedule). Throws to have a message again. */
export const housekeepingHandler =
  (watching: Watching, aging: Aging) =>
  async (message: unknown): Promise<void> => {
    const check = v.parse(Message, message);
    switch (check.kind) {
      case "login":
        return watching.checkLogin(check.connectionId);
      case "sweep":
        await watching.sweep(check.domain);
        return;
      case "first-login":
        return aging.loggedIn(check.account);
      case "tidy":
        return aging.tidy(check.after);
    }
  };
