import { describe, expect, it } from "vitest";
import { isSuppressed } from "../../../lambdas/core/mail/suppression.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { sesEvents } from "../../../lambdas/usecases/mail/ses-events.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const DAY = 86_400_000;
const OWNER = "owner@example.com";

function services() {
  const [clock, telemetry, { suppressions }] = [testClock(), rememberingTelemetry(), memoryStore()];
  return { clock, telemetry, suppressions, hear: sesEvents({ suppressions, clock, telemetry }) };
}

const bounce = (bounceType: string) => ({
  eventType: "Bounce",
  bounce: { bounceType, bouncedRecipients: [{ emailAddress: "Owner@Example.com" }] },
});
const complaint = { eventType: "Complaint", complaint: { complainedRecipients: [{ emailAddress: OWNER }] } };

describe("an event of SES", () => {
  it.each([
    ["bounced", bounce("Permanent")],
    ["complained", complaint],
  ])("%s: the address gets no more email", async (reason, message) => {
    const { hear, suppressions, clock, telemetry } = services();
    expect(await hear(message)).toBe(true);
    expect(await suppressions.find(OWNER)).toEqual({ address: OWNER, reason, at: clock.now() });
    expect(telemetry.metrics).toEqual([`Mail 1 outcome=${reason}`]);
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([
      { level: "warn", message: "address suppressed", to: expect.stringMatching(/^[0-9a-f]{8}$/u) as string, reason },
    ]);
  });

  it.each([
    ["bounced", bounce("Transient")],
    ["rejected", { eventType: "Reject" }],
  ])("%s, but not for good: counted, and nothing else", async (outcome, message) => {
    const { hear, suppressions, telemetry } = services();
    expect(await hear(message)).toBe(true);
    expect(await suppressions.find(OWNER)).toBeUndefined();
    expect(telemetry.metrics).toEqual([`Mail 1 outcome=${outcome}`]);
    expect(telemetry.lines).toEqual([]);
  });

  it("treats a complaint as more serious than a bounce", async () => {
    const { hear, suppressions } = services();
    for (const message of [bounce("Permanent"), complaint, bounce("Permanent")]) await hear(message);
    expect((await suppressions.find(OWNER))?.reason).toBe("complained");
  });

  it("suppresses an address for seven days after the last bounce, and permanently after a complaint", async () => {
    const { hear, suppressions, clock } = services();
    const suppressed = async () => isSuppressed(await suppressions.find(OWNER), clock.now());
    await hear(bounce("Permanent"));
    clock.advance(7 * DAY - 1);
    expect(await suppressed()).toBe(true);
    clock.advance(1);
    expect(await suppressed()).toBe(false);
    await hear(bounce("Permanent"));
    expect(await suppressed()).toBe(true);
    await hear(complaint);
    clock.advance(365 * DAY);
    expect(await suppressed()).toBe(true);
  });

  it("does not treat `not-spam` as a complaint", async () => {
    const { hear, suppressions, telemetry } = services();
    const praise = { ...complaint, complaint: { ...complaint.complaint, complaintFeedbackType: "not-spam" } };
    expect(await hear(praise)).toBe(true);
    expect(await suppressions.find(OWNER)).toBeUndefined();
    expect([telemetry.count("Mail", "complained"), telemetry.count("Mail", "praised")]).toEqual([0, 1]);
  });

  it.each([undefined, "text", { eventType: "Delivery" }])("is ignored if it is not from SES: %j", async (message) => {
    const { hear, telemetry } = services();
    expect(await hear(message)).toBe(false);
    expect(telemetry.counts.size).toBe(0);
  });

  it("comes again if the table does not store it", async () => {
    const { clock, telemetry } = services();
    const failed = new DependencyError("dynamodb.PutItem", "throttled");
    const hear = sesEvents({ suppressions: { add: () => Promise.reject(failed) }, clock, telemetry });
    await expect(hear(complaint)).rejects.toBe(failed);
  });
});
