import { describe, expect, test } from "vitest";
import { loginDigest } from "../../../lambdas/core/pbx/digest.ts";
import type { Answer, CanaryAccount, PbxDialer, PbxLine, PushRights } from "../../../lambdas/ports/monitoring.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { canary } from "../../../lambdas/usecases/monitoring/canary.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock, testRandom } from "../../support/values/time-and-chance.ts";

type Frame = Readonly<Record<string, unknown>>;

/** A service that works, save for what a test says; time passes as the steps take it. */
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
    ask(frame) {
      frames.push({ ...frame });
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
    dialer: { dial: broken.dial ?? (() => Promise.resolve(line)) },
    phone: {
      messages() {
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
  return { run, telemetry, frames, closed: () => closed, known: () => secret };
}

const gone = () => {
  throw new DependencyError("websocket.KeepAlive", "timeout");
};

describe("a run of the canary", () => {
  test("sets its account up once, then does all a PBX does, and tells how long the wake-up took", async () => {
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

  test.each([
    ["login", { AppLogin: () => ({ ok: false, error: "Unauthorized" }) }],
    ["keepalive", { KeepAlive: gone }],
    ["post", { PushNotifyPost: () => ({ err: "ApnError" }) }],
  ])("fails at %s, says so and closes its connection", async (step, wrong) => {
    const { run, telemetry, closed } = services(wrong);
    await run();
    expect(telemetry.counts.get("Canary ")).toBe(0);
    expect(telemetry.count("CanaryFailure", step)).toBe(1);
    expect(closed()).toBe(true);
  });

  test("fails at rights if SNS refuses a push to one app, and names the app", async () => {
    const { run, telemetry } = services({}, { mayPush: (arn) => Promise.resolve(arn !== "arn:android") });
    await run();
    expect(telemetry.counts.get("Canary ")).toBe(0);
    expect(telemetry.count("CanaryFailure", "rights")).toBe(1);
  });

  test("arrives though SNS leaves it open whether it may push", async () => {
    const { run, telemetry } = services(
      {},
      { mayPush: () => Promise.reject(new DependencyError("sns.Publish", "timeout")) },
    );
    await run();
    expect(telemetry.counts.get("Canary ")).toBe(1);
  });

  test("asks SNS by a token that is the app's own, and the same in every run", async () => {
    const tokens: string[] = [];
    const { run } = services({}, { mayPush: (_, token) => Promise.resolve(tokens.push(token) > 0) });
    await run();
    await run();
    expect(tokens.slice(0, 2)).toEqual(tokens.slice(2));
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/u);
  });

  test("gives up a wake-up that does not arrive, before its function would be ended", async () => {
    const { run, telemetry } = services({}, { deaf: true });
    await run();
    expect(telemetry.count("CanaryFailure", "arrival")).toBe(1);
  });

  test.each([
    [
      "a connection that does not open",
      { dial: () => Promise.reject(new DependencyError("websocket.Connect", "timeout")) },
      "connect",
    ],
    ["another run that sets up the account", { setUp: () => Promise.resolve(false) }, "account"],
  ])("fails by %s and has nothing to close", async (_, broken, step) => {
    const { run, telemetry, closed } = services({}, broken);
    await run();
    expect(telemetry.count("CanaryFailure", step)).toBe(1);
    expect(closed()).toBe(false);
  });

  test("sends a login for no challenge at all, too, and hears that it is refused", async () => {
    const { run, telemetry, frames } = services({ AppChallenge: () => ({}) });
    await run();
    expect(frames.map(({ mt }) => mt)).toEqual(["AppChallenge", "AppLogin"]);
    expect(telemetry.count("CanaryFailure", "login")).toBe(1);
  });

  test("throws what nobody has a plan for, having counted it, and closes its connection", async () => {
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
