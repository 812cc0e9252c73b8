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

/** The app is removed, SNS tells, and the phone comes back with its token: SNS keeps the endpoint off. */
async function removeAndComeBack(): Promise<void> {
  for (const connectionId of ["c1", "c2"]) expect(await post(connectionId)).toBeUndefined();
  w.phones.switchOff(iosToken);
  await w.clock.run(w.store.outcomes.markGone(KEY, w.clock.now()));
  w.turnCold();
  expect(await post()).toBe("Uninstalled");
}

describe("the mark that a token is gone, lifted by the operator", () => {
  beforeEach(removeAndComeBack);

  it("keeps no post of any tenant from the phone", async () => {
    expect(await lift()).toEqual({ ok: true, value: true });
    w.turnCold();
    expect([await post("c2"), await post()]).toEqual([undefined, undefined]);
    expect(w.dispatcher.count("enable")).toBe(1);
    expect(w.telemetry.count("Admin", "mark-lifted")).toBe(1);
    const logged = { action: "mark-lifted", app: "ios-call", lifted: true, actor: "operator test" };
    expect(w.telemetry.lines).toContain(JSON.stringify({ level: "info", message: "operator", ...logged }));
  });

  it("is remembered by an execution environment for a minute at most, however often it is asked", async () => {
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

  it("counts no earlier try: gone again, the token is tried after five minutes and not after a day", async () => {
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

  it("does not come back with an event of SNS from before, however late", async () => {
    const before = w.clock.now();
    await w.clock.run(w.clock.sleep(1_000));
    await lift();
    expect(await w.clock.run(w.store.outcomes.markGone(KEY, before))).toBe(false);
    w.turnCold();
    expect(await post()).toBeUndefined();
    expect(await w.clock.run(w.store.outcomes.markGone(KEY, w.clock.now()))).toBe(true);
  });

  it("is none the second time", async () => {
    await lift();
    expect(await lift()).toEqual({ ok: true, value: false });
    expect(w.telemetry.count("Admin", "mark-lifted")).toBe(1);
  });

  it("stays when our own table does not answer", async () => {
    w.devices.fail("forgetGone", "unavailable");
    await expect(lift()).rejects.toBeInstanceOf(DependencyError);
    w.turnCold();
    expect(await post()).toBe("Uninstalled");
  });
});

it("lifts nothing of a token that nobody posted, and makes no row of it", async () => {
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

it("logs who lifted what app's mark, and no token", async () => {
  await removeAndComeBack();
  await lift();
  const text = JSON.stringify(w.telemetry);
  expect(text).toContain("mark-lifted");
  expect(text).not.toContain(iosToken);
});
