import { isSuppressed } from "../../core/mail/suppression.ts";
import { emailTag, type MailProgress } from "../../core/shared/email.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Allowance } from "../../core/shared/limits.ts";
import type { Counters } from "../../ports/counters.ts";
import type { Mail, Mailer, Suppressions } from "../../ports/mail.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface SendMailPorts {
  readonly suppressions: Pick<Suppressions, "find">;
  readonly counters: Counters;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Another sender has leased this email, or died with the lease: the message must be delivered again later. */
export class MailBusy extends Error {
  override readonly name = "MailBusy";
}

/** What is special about one kind of email. */
export interface MailKind<T extends { readonly mail: MailProgress }> {
  /** Names it in logs. */
  readonly name: string;
  leaseMail(id: string, now: number, until: number): Promise<T | "busy" | undefined>;
  setMail(id: string, mail: MailProgress, release: boolean): Promise<void>;
  /** Email key of the reader, and the account it is about. */
  about(item: T): { readonly to: string; readonly account: string };
  /** Whether it should be sent as things are now. */
  wanted(item: T): Promise<boolean>;
  allowances(item: T): Promise<readonly Allowance[]>;
  /** Composes the email, with a new link if it has one. */
  write(item: T): Promise<Mail>;
}

/** How long a lease lasts, in ms: longer than the function may run. */
const LEASE_MS = 60_000; // 60 seconds

/**
 * Behind the mail queue: decides once whether an email is sent, and sends it. A message delivered twice sends one
 * email. An email that may not have been sent is sent again: two are better than none. Throws DependencyError or
 * MailBusy to get the message again.
 */
export function sendMail<T extends { readonly mail: MailProgress }>(
  ports: SendMailPorts,
  letter: MailKind<T>,
): (id: string) => Promise<void> {
  const { suppressions, counters, mailer, clock, telemetry } = ports;

  /** Limits are counted once for an email, however often it is tried. */
  async function decide(item: T): Promise<"allowed" | "silent" | "suppressed" | "limited"> {
    if (!(await letter.wanted(item))) return "silent";
    const now = clock.now();
    if (isSuppressed(await suppressions.find(letter.about(item).to), now)) return "suppressed";
    const { exceeded } = await counters.take(await letter.allowances(item), now);
    if (exceeded === undefined) return "allowed";
    telemetry.metric("Limited", 1, { outcome: exceeded.name });
    return "limited";
  }

  function report(item: T, outcome: MailProgress | "failed"): void {
    const { to, account } = letter.about(item);
    telemetry.metric("Mail", 1, { outcome });
    telemetry.log(outcome === "failed" ? "error" : "info", letter.name, { account, to: emailTag(to), outcome });
  }

  async function send(id: string, item: T): Promise<void> {
    const mail = await letter.write(item);
    try {
      await mailer.send(mail);
    } catch (error) {
      report(item, "failed");
      await letter.setMail(id, "allowed", true);
      throw error;
    }
    await letter.setMail(id, "sent", true);
    report(item, "sent");
  }

  return async (id) => {
    const now = clock.now();
    const claimed = await letter.leaseMail(id, now, now + LEASE_MS);
    if (claimed === "busy") throw new MailBusy("another delivery of this message has it in hand");
    if (claimed === undefined) return;
    if (claimed.mail === "queued") {
      const decision = await decide(claimed);
      await letter.setMail(id, decision, decision !== "allowed");
      if (decision !== "allowed") return report(claimed, decision);
    }
    await send(id, claimed);
  };
}
