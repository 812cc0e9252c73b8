import fc from "fast-check";
import { expect, it } from "vitest";
import type { PushErr } from "../../../lambdas/core/push/push-error.ts";
import type { Message } from "../../../lambdas/core/push/message.ts";
import type { FailureKind } from "../../../lambdas/ports/errors.ts";
import type { Turn } from "../../support/memory/failing.ts";
import { phoneGets } from "../../support/values/phone.ts";
import { DEADLINE, postServices } from "../../support/services/posts.ts";
import { androidToken, iosToken } from "../../support/values/values.ts";

/** What holds for every post, whatever fails, in any order and at any speed. */

/** Longer than any attempt, in ms. */
const HANGS_MS = 60_000;
/** Immediate ends of a call; a time-out takes its time. */
const failure = fc.constantFrom<FailureKind>("throttled", "unreachable", "reset", "unavailable", "rejected");
const ms = fc.oneof(fc.nat(300), fc.nat(2_000), fc.constantFrom(1_399, 1_400, 1_401, HANGS_MS));
const outcome = fc.constantFrom(
  "accepted",
  "disabled",
  "not-found",
  "application-down",
  "bad-token",
  "too-big",
  "rejected",
);

/** Ends of a Publish after which the phone may ring. */
const MAY_BE_TAKEN: readonly string[] = ["timeout", "reset", "unavailable"];

/** An attempt gets a shorter limit than this only at the end of its post's time, in ms. */
const PATIENCE_MS = 300;

/** The store in memory takes this long regardless of the limit, in ms. */
const SLACK = 30;

/** Turns that hang, fail, answer, or take effect without an answer. */
const turns = (answers: fc.Arbitrary<unknown> | undefined) => {
  const said = answers === undefined ? fc.constant({}) : answers.map((value) => ({ answers: value }));
  const turn: fc.Arbitrary<Turn> = fc
    .tuple(
      ms,
      fc.oneof(
        said,
        said,
        failure.map((fails) => ({ fails })),
        fc.constant({ taken: true }),
      ),
    )
    .map(([time, how]) => ({ ms: time, ...how }));
  return fc.array(turn, { maxLength: 5 });
};

const story = fc.record({
  token: fc.constantFrom(`ios-call:${iosToken}`, `android:${androidToken}`),
  /** Posts before this one: the first creates the row, the second lets the environment remember it. */
  earlier: fc.nat(2),
  warm: fc.boolean(),
  late: fc.oneof(fc.constant(0), fc.nat(4_000)),
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  read: turns(undefined),
  remember: turns(undefined),
  register: turns(fc.constantFrom(undefined, "arn:aws:sns:eu-central-1:111111111111:endpoint/GCM/phone/9")),
  enable: turns(fc.boolean()),
  send: turns(outcome.map((name) => ({ outcome: name, messageId: "m", code: "Code" }))),
});

const APNS_ERRORS: readonly PushErr[] = [
  "Uninstalled",
  "ApnError",
  "ApnServiceDown",
  "ApnInvalidToken",
  "ApnPayloadSize",
  "DatabaseErr",
];
const FCM_ERRORS: readonly PushErr[] = [
  "GcmNotRegistered",
  "GcmServerError",
  "GcmAuthentication",
  "GcmDeviceRate",
  "GcmInvalidReg",
  "GcmMessageTooBig",
  "DatabaseErr",
];

it("a post keeps its guarantees under every sequence of outcomes and delays", async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ token, earlier, warm, late, chance, read, remember, register, enable, send }) => {
      const w = postServices({ chance: () => chance });
      await w.login("c1", "pbx.example.com");
      for (let made = 0; made < earlier; made += 1) await w.post(token);
      if (!warm) w.turnCold();
      w.context.plan("read", ...read);
      w.devices.plan("remember", ...remember);
      for (const [operation, planned] of Object.entries({ register, enable, send }))
        w.dispatcher.plan(operation, ...planned);
      const [before, from] = [w.dispatcher.calls.length, w.clock.now()];
      const deadline = from - late + DEADLINE;

      // One reply, in time; two are impossible, as a promise settles once.
      const reply = await w.post(token, { late });
      expect(reply).toMatchObject({ mt: "PushNotifyPostResult", src: "5" });
      expect(w.clock.now()).toBeLessThanOrEqual(Math.max(from, deadline) + SLACK);
      if (reply.err === undefined) expect(Object.keys(reply)).toEqual(["mt", "src"]);
      else expect(token.startsWith("ios") ? APNS_ERRORS : FCM_ERRORS).toContain(reply.err);
      expect(w.telemetry.count("Post", reply.err ?? "accepted")).toBeGreaterThan(0);

      const sends = w.dispatcher.calls.slice(before).filter(({ operation }) => operation === "send");
      for (const { at, args } of sends) {
        expect(at).toBeLessThan(deadline);
        const elapsed = at - (from - late);
        const message = args[1] as Message;
        const { ttl } = message;
        expect(ttl).toBe(Math.max(2, Math.min(8, Math.floor((9_000 - elapsed) / 1_000))));
        expect(phoneGets(message)).toMatchObject(
          message.platform === "GCM" ? { sentAt: String(at), ttl: String(ttl) } : { sentAt: at, ttl },
        );
      }
      // Nothing continues after the answer.
      expect(
        [...w.dispatcher.calls, ...w.devices.calls, ...w.context.calls].filter(({ end }) => end === "open"),
      ).toEqual([]);

      // Nothing is sent again after a success, and success is reported if and only if there was one.
      const said = sends.map(({ end, answer }) =>
        end === "ok" ? (answer as { outcome: string } | undefined)?.outcome : end,
      );
      expect(said.slice(0, -1)).not.toContain("accepted");
      expect(reply.err === undefined).toBe(said.at(-1) === "accepted");
      // What may have been sent is never reported as unsent, whatever followed; what cannot have been sent, never as unknown.
      if (reply.err !== undefined) {
        const mayBeTaken = said.some((end) => MAY_BE_TAKEN.includes(end ?? ""));
        expect(reply.info?.startsWith("unknown")).toBe(mayBeTaken);
        if (mayBeTaken) expect(reply.info).not.toContain("nothing was sent");
      }
      // Three sends at most: another follows only where SNS certainly sent nothing, once after each answer that a step can mend
      // (docs/sns.md, Errors of Publish): "disabled" by enabling, "not-found" by registering again. So no call can ring twice.
      const mended = sends.flatMap(({ end }, index) => (end === "ok" && index < sends.length - 1 ? [said[index]] : []));
      expect(["disabled", "not-found"]).toEqual(expect.arrayContaining(mended));
      expect(new Set(mended).size).toBe(mended.length);
      // At most nine attempts; one that hangs is ended early enough for two more.
      let [works, attempts, hung] = [1, 0, 0];
      for (const [index, { at, args, end }] of sends.entries()) {
        const [limit, left] = [args[2] as number, deadline - 100 - at];
        expect(limit).toBeLessThanOrEqual(Math.max(left / Math.max(1, 3 - hung), Math.min(left, PATIENCE_MS)));
        attempts += 1;
        if (end === "timeout") hung += 1;
        expect([attempts <= 9, hung <= 3]).toEqual([true, true]);
        if (end === "ok" && index < sends.length - 1) [works, attempts, hung] = [works + 1, 0, 0];
      }
      expect(works).toBeLessThanOrEqual(3);
    }),
    { numRuns: 2_000 },
  );
});
