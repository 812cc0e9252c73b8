import { emailTag } from "../../core/shared/email.ts";
import { parseMailEvent } from "../../core/mail/mail-event.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Suppressions } from "../../ports/mail.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface SesEventPorts {
  readonly suppressions: Pick<Suppressions, "add">;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Handles what SES reports about an email: an address that bounces for good gets none for a week, one that complains
 * none until an operator allows it again. False: not a message from SES. Throws DependencyError to get it again.
 */
export function sesEvents({ suppressions, clock, telemetry }: SesEventPorts) {
  return async (message: unknown): Promise<boolean> => {
    const event = parseMailEvent(message);
    if (event === undefined) return false;
    telemetry.metric("Mail", 1, { outcome: event.outcome });
    for (const suppression of event.suppressions) {
      await suppressions.add({ ...suppression, at: clock.now() });
      telemetry.log("warn", "address suppressed", { to: emailTag(suppression.address), reason: suppression.reason });
    }
    return true;
  };
}
