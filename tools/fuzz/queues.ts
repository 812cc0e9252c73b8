import { jsonObject } from "../../local/aws/json.ts";
import fc from "fast-check";
import type { Domain } from "../../lambdas/core/domains/domain.ts";
import { housekeepingHandler } from "../../lambdas/handlers/domains/housekeeping.ts";
import { mailHandler } from "../../lambdas/handlers/mail/mail.ts";
import { queue } from "../../lambdas/middleware/queue.ts";
import type { LogOut, SocketCloser, Sockets } from "../../lambdas/ports/pbx.ts";
import { domainUpkeep } from "../../lambdas/usecases/domains/expire-domains.ts";
import { deliveryEvents } from "../../lambdas/usecases/push/delivery-events.ts";
import { connectionCloser } from "../../lambdas/usecases/domains/close-connections.ts";
import { failing } from "../../test/support/memory/failing.ts";
import { memoryPushStore } from "../../test/support/memory/memory-push.ts";
import { memoryStore } from "../../test/support/memory/memory-store.ts";
import { testClock } from "../../test/support/values/time-and-chance.ts";
import { queueTelemetry, target } from "./target.ts";
import { jsonText, mutated, nastyText } from "./texts.ts";

const ARN = "arn:aws:sns:eu-central-1:111111111111:endpoint/GCM/phone/1";
/** The only connection, not logged in. */
const CONNECTION = "c1";

/** The functions behind queues, with their effects recorded. */
function services() {
  const clock = testClock();
  const outcomes = failing(memoryPushStore(clock).outcomes, clock);
  const telemetry = queueTelemetry();
  const domains = failing(memoryStore().domains, clock);
  const [mailed, closed, goneOn]: [unknown[], unknown[], unknown[]] = [[], [], []];
  const note = (id: unknown) => Promise.resolve(void mailed.push(id));
  const mail = { registration: note, notice: note, sesEvent: () => Promise.resolve(false) };
  const sockets: Sockets & SocketCloser & LogOut = {
    logOut: () => Promise.resolve(),
    markFlooding: () => Promise.resolve(true),
    find: (connectionId) =>
      Promise.resolve(connectionId === CONNECTION ? { connectionId, connectedAt: 0, source: "192.0.2.1" } : undefined),
    ofDomain: () => Promise.resolve([]),
    refusedLogins: () => Promise.resolve([]),
    close: (connectionId) => Promise.resolve(void closed.push(connectionId)),
  };
  const common = { domains, clock, telemetry, noticeQueue: { notice: note }, sweeps: { sweep: note } };
  const ages = domainUpkeep({
    ...common,
    notices: memoryStore().notices,
    goOn: (after) => Promise.resolve(void goneOn.push(after)),
  });
  return {
    outcomes,
    domains,
    mailed,
    closed,
    goneOn,
    events: queue(deliveryEvents({ outcomes, clock, telemetry, limits: { disabledTokensPerMinute: 20 } }), {
      telemetry,
      name: "events",
    }),
    mail: queue(mailHandler(mail), { telemetry, name: "mail" }),
    housekeeping: queue(
      housekeepingHandler(
        connectionCloser({ ...common, sockets, checks: { checkLogin: note }, networks: { closed: note } }),
        ages,
      ),
      { telemetry, name: "housekeeping" },
    ),
  };
}

const failure = fc.constantFrom(
  "InvalidPlatformToken",
  "EndpointDisabled",
  "EndpointNotFound",
  "InvalidNotification",
  "NotificationTTLExpired",
  "Nonsense",
);
const feedback = fc
  .tuple(
    failure,
    fc.constantFrom("DeliveryFailure", "EndpointDeleted", "EndpointUpdated", "x"),
    fc.constantFrom(ARN, "", "arn:x", "a/b/c"),
  )
  .map(([FailureType, EventType, EndpointArn]) =>
    JSON.stringify({ FailureType, EventType, EndpointArn, Time: "2026-11-02T12:00:00.000Z", Resource: "x" }),
  );
const enveloped = feedback.map((Message) => JSON.stringify({ Type: "Notification", Message }));
const message = fc.constantFrom(
  '{"kind":"registration","id":"abc"}',
  '{"kind":"notice","id":"abc"}',
  `{"kind":"login","connectionId":"${CONNECTION}"}`,
  '{"kind":"login","connectionId":"gone"}',
  '{"kind":"sweep","domain":"d"}',
  '{"kind":"first-login","account":"pbx.example.com","secretId":"AbCd1234"}',
  `{"kind":"flooding","connectionId":"${CONNECTION}"}`,
  '{"kind":"tidy"}',
  '{"kind":"tidy","after":"d"}',
);

const bodies = fc.oneof(
  feedback,
  enveloped,
  mutated(fc.oneof(feedback, enveloped, message)),
  message,
  jsonText,
  nastyText,
);
const cases = fc.record({
  to: fc.constantFrom("events", "mail", "housekeeping"),
  records: fc.array(bodies, { maxLength: 10 }),
});

export const queues = target("queue events", 0.15, services, cases, async (here, { to, records }) => {
  const before = { outcomes: here.outcomes.calls.length, domains: here.domains.calls.length };
  const Records = records.map((body, index) => ({ messageId: `m${index}`, body }));
  const result = await here[to]({ Records } as never, {} as never);
  const { batchItemFailures } = result;
  const ids = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  if (ids.some((id) => !Records.some(({ messageId }) => messageId === id)) || new Set(ids).size !== ids.length) {
    throw new Error(`failures that name no message: ${ids.join()}`);
  }
  // The endpoint and the domain do not exist, so no message may lead to a row.
  const writes = here.outcomes.calls.slice(before.outcomes).filter(({ operation }) => operation !== "find");
  if (writes.length > 0) throw new Error(`${writes[0]?.operation ?? ""} for an endpoint that no device has`);
  const changes = here.domains.calls
    .slice(before.domains)
    .filter(
      ({ operation, args }) =>
        operation === "commit" || (operation === "saveUse" && !named(records, (args[0] as Domain).account)),
    );
  if (changes.length > 0) throw new Error(`${changes[0]?.operation ?? ""} of a domain that no message names`);
  if (here.mailed.some((id) => typeof id !== "string")) throw new Error("an email without an id");
  if (here.closed.some((id) => id !== CONNECTION)) throw new Error("an unknown connection closed");
  if (here.goneOn.length > 0) throw new Error("a next page although there are no domains");
  return `${to}: ${records.length === 0 ? "nothing" : ids.length === 0 ? "all accepted" : ids.length === records.length ? "all refused" : "some refused"}`;
});

/** Whether a message's own text contains this account. */
const named = (records: readonly string[], account: unknown) =>
  records.some((body) => jsonObject(body)?.["account"] === account);
