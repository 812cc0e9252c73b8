import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMailEvent } from "../../../lambdas/core/mail/mail-event.ts";

const bounce = (bounceType: string, ...addresses: unknown[]) => ({
  eventType: "Bounce",
  bounce: { bounceType, bouncedRecipients: addresses.map((emailAddress) => ({ emailAddress, status: "5.1.1" })) },
});
const complaint = (...addresses: unknown[]) => ({
  eventType: "Complaint",
  complaint: { complainedRecipients: addresses.map((emailAddress) => ({ emailAddress })) },
});
/** docs.aws.amazon.com/ses, "Complaint object": `complaintFeedbackType` is that of the reader's provider. */
const complaintOf = (complaintFeedbackType: string, address: string) => ({
  eventType: "Complaint",
  complaint: { ...complaint(address).complaint, complaintFeedbackType },
});

describe("parseMailEvent", () => {
  it.each([
    ["a permanent bounce", bounce("Permanent", "Owner@Example.com"), "bounced", ["owner@example.com"]],
    [
      "a name before the address",
      bounce("Permanent", '"Owner, the" <owner@example.com> '),
      "bounced",
      ["owner@example.com"],
    ],
    ["a name and no address after it", bounce("Permanent", "The owner <a@example.com>"), "bounced", ["a@example.com"]],
    ["a name in two lines", bounce("Permanent", "The\r\n owner <a@example.com>"), "bounced", ["a@example.com"]],
    ["an address with a text after it", bounce("Permanent", "<a@example.com>.org"), "bounced", []],
    [
      "several recipients",
      bounce("Permanent", "a@example.com", "b@example.com"),
      "bounced",
      ["a@example.com", "b@example.com"],
    ],
    ["a full mailbox", bounce("Transient", "owner@example.com"), "bounced", []],
    ["a bounce of an unknown kind", bounce("Undetermined", "owner@example.com"), "bounced", []],
    ["a bounce that names no address", bounce("Permanent", "no address", 7, null, undefined), "bounced", []],
    ["a bounce without recipients", { eventType: "Bounce", bounce: { bounceType: "Permanent" } }, "bounced", []],
    ["a bounce without details", { eventType: "Bounce" }, "bounced", []],
    ["a complaint", complaint("Owner@example.com"), "complained", ["owner@example.com"]],
    ["a complaint without details", { eventType: "Complaint", complaint: null }, "complained", []],
    ["an email taken out of the spam folder", complaintOf("not-spam", "owner@example.com"), "praised", []],
    ["a complaint of another kind", complaintOf("abuse", "owner@example.com"), "complained", ["owner@example.com"]],
    ["a virus found", { eventType: "Reject", reject: { reason: "Bad content" } }, "rejected", []],
  ])("reads %s", (_, message, outcome, addresses) => {
    const event = parseMailEvent(message);
    expect(event?.outcome).toBe(outcome);
    expect(event?.suppressions).toEqual(addresses.map((address) => ({ address, reason: outcome })));
  });

  it.each([undefined, null, "Bounce", 7, [], {}, { eventType: "Delivery" }, { eventType: ["Bounce"] }])(
    "%j is not a mail event",
    (message) => {
      expect(parseMailEvent(message)).toBeUndefined();
    },
  );

  it("never throws, and names only addresses it was given", () => {
    const recipients = fc.anything();
    fc.assert(
      fc.property(fc.constantFrom("Bounce", "Complaint", "Reject"), recipients, (eventType, told) => {
        const parts = {
          bounce: { bounceType: "Permanent", bouncedRecipients: told },
          complaint: { complainedRecipients: told },
        };
        const named = parseMailEvent({ eventType, ...parts })?.suppressions ?? [];
        expect(named.length).toBeLessThanOrEqual(Array.isArray(told) ? told.length : 0);
      }),
    );
  });
});
