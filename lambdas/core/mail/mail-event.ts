import { parseEmail } from "../shared/email.ts";
import type { Suppression } from "./suppression.ts";

/** What SES reported of an email that it had accepted (docs.aws.amazon.com/ses, "Event data ... Amazon SNS"). */
export interface MailEvent {
  readonly outcome: "bounced" | "complained" | "praised" | "rejected";
  /** Addresses that get no more email for now. */
  readonly suppressions: readonly Omit<Suppression, "at">[];
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** Undefined for anything else. */
export function parseMailEvent(message: unknown): MailEvent | undefined {
  switch (member(message, "eventType")) {
    case "Bounce": {
      const bounce = member(message, "bounce");
      // A full mailbox or a busy server is no reason to give an address up.
      const lasting = member(bounce, "bounceType") === "Permanent";
      return { outcome: "bounced", suppressions: lasting ? of(member(bounce, "bouncedRecipients"), "bounced") : [] };
    }
    case "Complaint": {
      const complaint = member(message, "complaint");
      // The reader took the email out of the spam folder (RFC 5965, Feedback-Type; IANA "Feedback Report Type Values").
      if (member(complaint, "complaintFeedbackType") === "not-spam") return { outcome: "praised", suppressions: [] };
      return { outcome: "complained", suppressions: of(member(complaint, "complainedRecipients"), "complained") };
    }
    case "Reject":
      return { outcome: "rejected", suppressions: [] };
    default:
      return undefined;
  }
}

function of(recipients: unknown, reason: Suppression["reason"]): MailEvent["suppressions"] {
  if (!Array.isArray(recipients)) return [];
  return recipients.flatMap((recipient: unknown) => {
    const address = member(recipient, "emailAddress");
    const parsed = typeof address === "string" ? parseEmail(address.replace(/^.*<(.*)>\s*$/su, "$1")) : undefined;
    return parsed?.ok ? [{ address: parsed.value.key, reason }] : [];
  });
}
