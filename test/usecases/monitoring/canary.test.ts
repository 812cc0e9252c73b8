import { describe, expect, test } from "vitest";
import { loginDigest } from "../../../lambdas/core/pbx/digest.ts";
import type { Answer, CanaryAccount, PbxDialer, PbxLine, PushRights } from "../../../lambdas/ports/monitoring.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { canary } from "../../../lambdas/usecases/monitoring/canary.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

type Frame = Readonly<Record<string, unknown>>;

/** A service that works except for what a test changes; each step takes its time. */
function services(
  wrong: Partial<Record<string, (frame: Frame) => Answer>> = {},
  broken: {
    readonly mayPush?: PushRights["mayPush"];
    readonly deaf?: boolean;
    readonly dial?: PbxDialer["dial"];
    readonly setUp?: CanaryAccount["setUp"];
  } = {},
) {
  const clock = testClock();
  const telemetry = rememberingTelemetry();
  const frames: Frame[] = [];
  /** Time limit of each step, in ms. */
  const limits: (readonly [string, number])[] = [];
  let phoneRead = 0;
  const arrived: string[] = [];
  let secret: string | undefined;
  let closed = false;

  const works: Readonly<Record<string, (frame: Frame) => Answer>> = {
    AppChallenge: () => ({ challenge: "0123456789abcdef" }),
    AppLogin: (frame) => {
      const login = { app: "ws", domain: "canary", sip: "canary", guid: "", dn: "Canary", info: undefined };
      return { ok: frame["digest"] === loginDigest(login, "0123456789abcdef", secret ?? "").toString("hex") };
    },
    KeepAlive: () => ({}),
    PushNotifyPost: ({ run }) => {
      clock.advance(120);
      arrived.push(
        JSON.stringify({ payload: '{"run":"of somebody else"}' }),
        JSON.stringify({ payload: JSON.stringify({ run }) }),
      );
      return {};
    },
  };
  const line: PbxLine = {
    ask(frame, answer, limit) {
      frames.push({ ...frame });
      limits.push([answer, limit]);
      return new Promise((resolve) => resolve((wrong[frame.mt] ?? works[frame.mt])?.({ ...frame }) ?? {}));
    },
    close: () => void (closed = true),
  };
  const account: CanaryAccount = {
    secret: () => Promise.resolve(secret),
    setUp:
      broken.setUp ??
      (({ secrets }) => {
        secret = secrets.current.secret;
        return Promise.resolve(true);
      }),
  };
  const run = canary({
    dialer: {
      dial(limit) {
        limits.push(["", limit]);
        return broken.dial?.(limit) ?? Promise.resolve(line);
      },
    },
    phone: {
      messages() {
        phoneRead += 1;
        clock.advance(1_000);
        return Promise.resolve(broken.deaf ? [] : arrived.splice(0));
      },
    },
    account,
    rights: { mayPush: broken.mayPush ?? (() => Promise.resolve(true)) },
    apps: [
      { id: "ios", applicationArn: "arn:ios" },
      { id: "android", applicationArn: "arn:android" },
    ],
    clock,
    random: testRandom(),
    telemetry,
  });
  /** The log line with the result of the run. */
  const told = () => telemetry.lines.map((line) => JSON.parse(line) as Frame).at(-1);
  const phone = { read: () => phoneRead };
  return { run, clock, telemetry, frames, limits, phone, told, closed: () => closed, known: () => secret };
}

const gone = () => {
  throw new DependencyError("websocket.KeepAlive", "timeout");
};

describe("a run of the canary", () => {
  test("sets up its account once, then acts like a PBX, and reports how long the wake-up took", async () => {
    const { run, telemetry, frames, closed, known } = services();
    await run();
    const secret = known();
    await run();
    expect(known()).toBe(secret);
    expect(frames.map(({ mt }) => mt).slice(0, 4)).toEqual(["AppChallenge", "AppLogin", "KeepAlive", "PushNotifyPost"]);
    expect(telemetry.counts.get("Canary ")).toBe(2);
    expect(telemetry.counts.get("CanaryLatency ")).toBe(2 * 1_120);
    expect(closed()).toBe(true);
  });

  test("logs that its wake-up arrived", async () => {
    const { run, telemetry } = services();
    await run();
    expect(telemetry.lines).toEqual(['{"level":"info","message":"canary arrived","ms":1120}']);
  });

  test("sets up an account marked as used, so that its first login is not reported", async () => {
    const changes: Parameters<CanaryAccount["setUp"]>[0][] = [];
    const { run, clock } = services({}, { setUp: (change) => Promise.resolve(changes.push(change) > 0) });
    const at = clock.now();
    await run();
    expect(changes).toMatchObject([
      {
        account: "canary",
        actor: "operator canary",
        after: { firstLoginAt: at, secrets: { current: { usedAt: at } } },
      },
    ]);
    expect(changes[0]?.after.secrets.current.id).toBe(changes[0]?.secrets.current.id);
  });

  test.each([
    ["challenge", { AppChallenge: gone }, "websocket.KeepAlive: timeout"],
    ["login", { AppLogin: () => ({ ok: false, error: "Unauthorized" }) }, "Unauthorized"],
    ["login", { AppLogin: () => ({ ok: "true", error: { not: "a text" } }) }, ""],
    ["keepalive", { KeepAlive: gone }, "websocket.KeepAlive: timeout"],
    ["post", { PushNotifyPost: () => ({ err: "ApnError" }) }, "ApnError"],
  ])("fails at %s, says why and closes its connection", async (step, wrong, error) => {
    const { run, telemetry, told, closed } = services(wrong);
    await run();
    expect(telemetry.metrics).toEqual(["Canary 0", `CanaryFailure 1 outcome=${step}`]);
    expect(told()).toEqual({ level: "error", message: "canary failed", step, error });
    expect(closed()).toBe(true);
  });

  test.each([
    ["at once", 0, [4_000, 4_000, 4_000, 4_000, 4_000]],
    ["after 4 s each", 4_000, [4_000, 4_000, 4_000, 4_000, 3_000]],
    ["after 5 s each", 5_000, [4_000, 4_000, 4_000, 4_000, 1]],
    ["after 6 s each", 6_000, [4_000, 4_000, 4_000, 3_000, 1]],
  ])("waits 4 s for one answer and 15 s for all: answers come %s", async (_, ms, expected) => {
    const slow = (answer: Answer) => () => {
      clock.advance(ms);
      return answer;
    };
    const { run, clock, limits } = services({
      AppChallenge: slow({ challenge: "" }),
      AppLogin: slow({ ok: true }),
      KeepAlive: slow({}),
    });
    await run();
    const answers = ["", "AppChallengeResult", "AppLoginResult", "KeepAliveResult", "PushNotifyPostResult"];
    expect(limits).toEqual(answers.map((answer, index) => [answer, expected[index]]));
  });

  test("fails at rights if SNS refuses a push to one app, and names the app", async () => {
    const { run, telemetry, told } = services({}, { mayPush: (arn) => Promise.resolve(arn !== "arn:android") });
    await run();
    expect(telemetry.metrics).toEqual(["Canary 0", "CanaryFailure 1 outcome=rights"]);
    expect(told()?.["error"]).toBe("SNS refuses pushes to android: AuthorizationError");
  });

  test("names each app that SNS refuses a push to", async () => {
    const { run, told } = services({}, { mayPush: () => Promise.resolve(false) });
    await run();
    expect(told()?.["error"]).toBe("SNS refuses pushes to ios, android: AuthorizationError");
  });

  test.each([
    [new DependencyError("sns.Publish", "timeout"), "sns.Publish: timeout"],
    [new Error("a bug"), "Error: a bug"],
  ])("arrives even if SNS does not show whether it may push, and logs that: %s", async (thrown, error) => {
    const { run, telemetry } = services({}, { mayPush: () => Promise.reject(thrown) });
    await run();
    expect(telemetry.counts.get("Canary ")).toBe(1);
    const open = { level: "warn", message: "right to push not proven" };
    expect(telemetry.lines.slice(0, 2).map((line) => JSON.parse(line) as Frame)).toEqual(
      ["ios", "android"].map((app) => ({ ...open, app, error })),
    );
  });

  test("checks SNS with a token of the app's own, the same in every run", async () => {
    const tokens: string[] = [];
    const { run } = services({}, { mayPush: (_, token) => Promise.resolve(tokens.push(token) > 0) });
    await run();
    await run();
    expect(tokens.slice(0, 2)).toEqual(tokens.slice(2));
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/u);
  });

  test("gives up on a wake-up that does not arrive before its function times out", async () => {
    const { run, told, phone } = services({ PushNotifyPost: () => ({}) }, { deaf: true });
    await run();
    expect(told()).toMatchObject({ step: "arrival", error: "the wake-up did not arrive" });
    // Each check takes a second: 15 s in all.
    expect(phone.read()).toBe(15);
  });

  test.each([
    [
      "a connection that does not open",
      { dial: () => Promise.reject(new DependencyError("websocket.Connect", "timeout")) },
      "connect",
      "websocket.Connect: timeout",
    ],
    [
      "another run that sets up the account",
      { setUp: () => Promise.resolve(false) },
      "account",
      "another run sets up the account",
    ],
  ])("fails on %s and has nothing to close", async (_, broken, step, error) => {
    const { run, telemetry, told, closed } = services({}, broken);
    await run();
    expect(telemetry.count("CanaryFailure", step)).toBe(1);
    expect(told()).toMatchObject({ step, error });
    expect(closed()).toBe(false);
  });

  test("sends a login even without a challenge, and reports that it is refused", async () => {
    const { run, telemetry, frames } = services({ AppChallenge: () => ({}) });
    await run();
    expect(frames.map(({ mt }) => mt)).toEqual(["AppChallenge", "AppLogin"]);
    expect(telemetry.count("CanaryFailure", "login")).toBe(1);
  });

  test("counts and throws an unexpected error, and closes its connection", async () => {
    const { run, telemetry, closed } = services({
      KeepAlive: () => {
        throw new Error("a bug");
      },
    });
    await expect(run()).rejects.toThrow("a bug");
    expect([closed(), telemetry.counts.get("Canary ")]).toEqual([true, 0]);
    expect(telemetry.count("CanaryFailure", "keepalive")).toBe(1);
  });

  test("never logs its secret", async () => {
    const { run, telemetry, known } = services({ AppLogin: () => ({ ok: false, error: "Unauthorized" }) });
    await run();
    expect(known()).toMatch(/^[A-Za-z0-9]{15}$/u);
    expect(telemetry.lines.join()).not.toContain(known());
  });
});
