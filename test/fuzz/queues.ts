import fc from "fast-check";
import { mailHandler } from "../../lambdas/handlers/mail.ts";
import { queue } from "../../lambdas/middleware/queue.ts";
import { learning } from "../../lambdas/usecases/learning.ts";
import { failing } from "../support/failing.ts";
import { memoryPushStore } from "../support/memory-push.ts";
import { rememberingTelemetry } from "../support/remembering-telemetry.ts";
import { testClock } from "../support/time-and-chance.ts";
import { target } from "./target.ts";
import { jsonText, mutated, nastyText } from "./texts.ts";

const ARN = "arn:aws:sns:eu-central-1:111111111111:endpoint/GCM/phone/1";

/** The functions behind queues; what they may do is noted. */
function world() {
  const clock = testClock();
  const store = memoryPushStore(clock);
  const outcomes = failing(store.outcomes, clock);
  const telemetry = { ...rememberingTelemetry(), begin: () => undefined, flush: () => undefined };
  const mailed: unknown[] = [];
  const note = (id: unknown) => Promise.resolve(void mailed.push(id));
  const mail = { registration: note, notice: note, feedback: () => Promise.resolve(false) };
  return {
    outcomes, mailed,
    events: queue(learning({ outcomes, clock, telemetry, limits: { disabledTokensPerMinute: 20 } }), { telemetry, name: "events" }),
    mail: queue(mailHandler(mail), { telemetry, name: "mail" }),
  };
}

const failure = fc.constantFrom("InvalidPlatformToken", "EndpointDisabled", "EndpointNotFound", "InvalidNotification", "NotificationTTLExpired", "Nonsense");
const feedback = fc.tuple(failure, fc.constantFrom("DeliveryFailure", "EndpointDeleted", "EndpointUpdated", "x"), fc.constantFrom(ARN, "", "arn:x", "a/b/c")).map(
  ([FailureType, EventType, EndpointArn]) => JSON.stringify({ FailureType, EventType, EndpointArn, Time: "2026-11-02T12:00:00.000Z", Resource: "x" }),
);
const enveloped = feedback.map((Message) => JSON.stringify({ Type: "Notification", Message }));
const message = fc.constantFrom('{"kind":"registration","id":"abc"}', '{"kind":"login","connectionId":"c"}', '{"kind":"sweep","domain":"d"}');

const bodies = fc.oneof(feedback, enveloped, mutated(fc.oneof(feedback, enveloped, message)), message, jsonText, nastyText);
const cases = fc.record({
  to: fc.constantFrom("events", "mail"),
  records: fc.array(bodies, { maxLength: 10 }),
});

export const queues = target("queue events", 0.2, world, cases, async (here, { to, records }) => {
  const before = here.outcomes.calls.length;
  const Records = records.map((body, index) => ({ messageId: `m${index}`, body }));
  const result = await here[to]({ Records } as never, {} as never);
  const { batchItemFailures } = result;
  const ids = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  if (ids.some((id) => !Records.some(({ messageId }) => messageId === id)) || new Set(ids).size !== ids.length) {
    throw new Error(`failures that are no messages: ${ids.join()}`);
  }
  // Nobody has this endpoint: whatever an event says, no row comes of it.
  const writes = here.outcomes.calls.slice(before).filter(({ operation }) => operation !== "find");
  if (writes.length > 0) throw new Error(`${writes[0]?.operation ?? ""} for an endpoint that no device has`);
  if (here.mailed.some((id) => typeof id !== "string")) throw new Error("a mail of no id");
});
