import { beforeEach, describe, expect, it } from "vitest";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { liftMark } from "../../../lambdas/usecases/admin/lift-mark.ts";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { apps, iosToken } from "../../support/values/values.ts";

const TOKEN = `ios-call:${iosToken}`;
const A = "pbx.example.com";
const B = "b.example.com";
const parsed = parseToken(TOKEN, apps);
const KEY = parsed.ok ? deviceKey(parsed.value) : "";

let w: PostServices;
beforeEach(async () => {
  w = postServices();
  await w.login("c1", A);
  await w.login("c2", B);
});
const lift = (text = TOKEN) =>
  w.clock.run(liftMark({ devices: w.devices, clock: w.clock, telemetry: w.telemetry, apps })(text, "operator test"));
const post = async (connectionId = "c1") => (await w.post(TOKEN, { connectionId })).err;

/** The app is removed, SNS reports it, and the phone returns with its token: SNS keeps the endpoint disabled. */
async function removeAndComeBack(): Promise<void> {
  for (const connectionId of ["c1", "c2"]) expect(await post(connectionId)).toBeUndefined();
  w.phones.switchOff(iosToken);
  await w.clock.run(w.store.outcomes.markGone(KEY, w.clock.now()));
  w.turnCold();
  expect(await post()).toBe("Uninstalled");
}

describe("a mark that a token is gone, once lifted by the operator", () => {
  beforeEach(removeAndComeBack);

  it("no longer blocks any tenant's post", async () => {
    expect(await lift()).toEqual({ ok: true, value: true });
    w.turnCold();
    expect([await post("c2"), await post()]).toEqual([undefined, undefined]);
    expect(w.dispatcher.count("enable")).toBe(1);
    expect(w.telemetry.count("Admin", "mark-lifted")).toBe(1);
    const logged = { action: "mark-lifted", app: "ios-call", lifted: true, actor: "operator test" };
    expect(w.telemetry.lines).toContain(JSON.stringify({ level: "info", message: "operator", ...logged }));
  });

  it("is remembered by an execution environment for a minute at most, however often it is used", async () => {
    const since = w.clock.now();
    await lift();
    while (w.clock.now() - since < 55_000) {
      expect(await post()).toBe("Uninstalled");
      await w.clock.run(w.clock.sleep(5_000));
    }
    await w.clock.run(w.clock.sleep(since + 60_000 - w.clock.now()));
    expect(await post()).toBeUndefined();
    expect(w.dispatcher.count("enable")).toBe(1);
  });

  it("fails if our own table does not answer within a second", async () => {
    const since = w.clock.now();
    w.devices.plan("forgetGone", { ms: Infinity });
    await expect(lift()).rejects.toMatchObject({ kind: "timeout" });
    expect(w.clock.now() - since).toBe(1_000);
  });

  it("resets earlier tries: if gone again, the token is tried after five minutes, not after a day", async () => {
    await w.clock.run(
      w.devices.remember(
        KEY,
        { app: "ios-call", domain: A, usedAt: w.clock.now(), enabledAt: w.clock.now(), tries: 5, goodSince: null },
        100,
      ),
    );
    await lift();
    expect(await w.deviceOf(TOKEN, A)).toMatchObject({ goneAt: undefined, enabledAt: undefined, tries: undefined });
    await w.clock.run(w.store.outcomes.markGone(KEY, w.clock.now()));
    await w.clock.run(w.clock.sleep(5 * 60_000));
    w.turnCold();
    expect(await post()).toBeUndefined();
  });

  it("is not set again by an earlier event of SNS, however late", async () => {
    const before = w.clock.now();
    await w.clock.run(w.clock.sleep(1_000));
    await lift();
    expect(await w.clock.run(w.store.outcomes.markGone(KEY, before))).toBe(false);
    w.turnCold();
    expect(await post()).toBeUndefined();
    expect(await w.clock.run(w.store.outcomes.markGone(KEY, w.clock.now()))).toBe(true);
  });

  it("cannot be lifted a second time", async () => {
    await lift();
    expect(await lift()).toEqual({ ok: true, value: false });
    expect(w.telemetry.count("Admin", "mark-lifted")).toBe(1);
  });

  it("stays if our own table does not answer", async () => {
    w.devices.fail("forgetGone", "unavailable");
    await expect(lift()).rejects.toBeInstanceOf(DependencyError);
    w.turnCold();
    expect(await post()).toBe("Uninstalled");
  });
});

it("lifts nothing and creates no row for a token that was never posted", async () => {
  expect(await lift()).toEqual({ ok: true, value: false });
  expect(await w.deviceOf(TOKEN, A)).toBeUndefined();
});

it.each([
  ["nobody:token", "UnknownApp"],
  ["ios-call:xyz", "ApnInvalidToken"],
])("refuses %j: %s", async (text, err) => {
  expect(await lift(text)).toMatchObject({ ok: false, error: { err } });
  expect(w.devices.calls).toEqual([]);
});

it("logs actor and app of a lifted mark, and no token", async () => {
  await removeAndComeBack();
  await lift();
  const text = JSON.stringify(w.telemetry);
  expect(text).toContain("mark-lifted");
  expect(text).not.toContain(iosToken);
});
