import { beforeEach, expect, it } from "vitest";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import { dispatchPosts } from "../../../lambdas/usecases/push/dispatch.ts";
import { postServices, type PostServices } from "../../support/services/posts.ts";
import { apps, iosToken, limits } from "../../support/values/values.ts";

const IOS = `ios-call:${iosToken}`;
const A = "a.example.com";
const MINUTE = 60_000;
const setUp = async (changed: Partial<typeof limits> = {}) => {
  const services = postServices({ limits: changed });
  await services.login("c1", A);
  await services.post(IOS);
  return services;
};

let w: PostServices;
beforeEach(async () => {
  w = await setUp();
});

/** A wake-up to an endpoint whose token is not known, as in an owner's test push to a phone of recent posts. */
async function tokenless() {
  const token = parseToken(IOS, apps);
  if (!token.ok) throw new Error(token.error.err);
  const key = deviceKey(token.value);
  const known = await w.clock.run(w.store.context.read({ deviceKey: key, app: token.value.app.id }, 100));
  const dispatch = dispatchPosts({ ...w, chance: () => 0.5, seal: () => "", limits });
  const arrivedAt = w.clock.now();
  return w.clock.run(
    dispatch({
      token: token.value,
      key,
      known,
      wake: { id: "id", kind: "call", payload: "{}", arrivedAt },
      deadline: arrivedAt + 3_000,
      session: { account: A, domain: A },
      tokenless: true,
    }),
  );
}

it("without a token an endpoint is used as it is, and neither enabled nor created again", async () => {
  const asked = () => ["register", "enable", "send"].map((operation) => w.dispatcher.count(operation));
  expect((await tokenless()).outcome).toBeUndefined();
  expect(asked()).toEqual([1, 0, 2]);
  w.phones.switchOff(iosToken);
  expect((await tokenless()).outcome).toMatchObject({ err: "Uninstalled" });
  w.phones.lose(iosToken);
  expect((await tokenless()).outcome).toMatchObject({ err: "ApnInvalidToken" });
  expect(asked()).toEqual([1, 0, 4]);
});

it("a token in use gets its endpoint created again even if its domain may have no new ones, and does not count as new", async () => {
  w = await setUp({ newTokensPerDomainInFirstHour: 1 });
  w.phones.lose(iosToken);
  w.turnCold(); // it does not remember what it has counted
  expect((await w.post(IOS)).err).toBeUndefined();
  expect(w.newTokens.count("add")).toBe(1);
  w = await setUp({ newTokensPerDomainInFirstHour: 1 });
  w.phones.lose(iosToken);
  expect((await w.post(IOS)).err).toBeUndefined();
  expect(w.devices.calls[0]?.args[1]).toHaveProperty("token");
  expect(w.devices.calls.at(-1)?.args[1]).not.toHaveProperty("token");
  expect((await w.post(`ios-call:${"cd".repeat(32)}`)).info).toContain("too many new tokens");
});

it("a row is read again only once per post, even if its endpoint is off again", async () => {
  w.phones.switchOff(iosToken);
  w.dispatcher.plan("send", { answers: { outcome: "disabled" } }, { answers: { outcome: "disabled" } });
  const reads = w.context.count("read");
  expect((await w.post(IOS)).err).toBe("Uninstalled");
  expect(w.context.count("read") - reads).toBe(1);
});

it("a try that did not happen does not change the row's marks", async () => {
  w.phones.switchOff(iosToken);
  await w.post(IOS);
  w.phones.switchOff(iosToken);
  w.clock.advance(MINUTE);
  await w.post(IOS);
  const { enabledAt, goneAt, tries } = (await w.deviceOf(IOS, A)) ?? {};
  expect([enabledAt, goneAt, tries]).toEqual([expect.any(Number), expect.any(Number), 0]);
  w.clock.advance(5 * MINUTE);
  w.dispatcher.fail("enable", ...Array<"throttled">(9).fill("throttled"));
  expect((await w.post(IOS)).info).toMatch(/nothing was sent$/u);
  expect(await w.deviceOf(IOS, A)).toMatchObject({ enabledAt, goneAt, tries });
});

it("a token is forgotten by the environment if its row could not be written", async () => {
  w.phones.lose(iosToken);
  w.devices.fail("remember", "throttled");
  await w.post(IOS);
  const reads = w.context.count("read");
  await w.post(IOS);
  expect(w.context.count("read") - reads).toBe(1);
});
