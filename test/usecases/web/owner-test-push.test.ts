import { describe, expect, it } from "vitest";
import { addPosts, type RecentPost } from "../../../lambdas/core/domains/recent-posts.ts";
import type { Untestable } from "../../../lambdas/core/push/device.ts";
import type { PushErr } from "../../../lambdas/core/push/push-error.ts";
import { fail, ok } from "../../../lambdas/core/shared/result.ts";
import { ownerTestPush, type OwnerTestPorts, type TestOutcome } from "../../../lambdas/usecases/web/owner-test-push.ts";
import { address, OPERATOR, ownershipServices } from "../../support/services/ownership.ts";

const DOMAIN = "pbx.example.com";
const OWNER = "owner@example.com";
const by = (emailKey: string, account = DOMAIN) => ({ account, emailKey });
type Tested = Awaited<ReturnType<OwnerTestPorts["testKnownPhone"]>>;

async function services() {
  const setting = ownershipServices(undefined, { testPushesPerDomainPerHour: 5 });
  await setting.register(DOMAIN, OWNER);
  const { clock, recentPosts } = setting;
  const keep = (device: string, more: Partial<RecentPost> = {}) => {
    const post = {
      id: device,
      at: clock.now(),
      account: DOMAIN,
      app: "ios",
      outcome: "accepted",
      ms: 1,
      device,
      ...more,
    };
    recentPosts.kept.set(DOMAIN, addPosts(recentPosts.kept.get(DOMAIN), DOMAIN, [post], 0, clock.now()));
  };
  keep("phone");
  const sent: object[] = [];
  const state = { tested: ok({ later: "none" }) as Tested };
  const ports: OwnerTestPorts = {
    ...setting,
    testKnownPhone: (phone) => Promise.resolve((sent.push(phone), state.tested)),
  };
  return { ...setting, ports, keep, sent, state, send: ownerTestPush(ports) };
}

describe("an owner's test push", () => {
  it("goes to a phone of the recent posts, identified by row key and app", async () => {
    const { send, sent } = await services();
    expect(await send(by(OWNER), "phone")).toEqual(ok("accepted"));
    expect(sent).toEqual([
      { account: { account: DOMAIN, domain: DOMAIN }, actor: "owner", device: "phone", app: "ios" },
    ]);
  });

  it("goes to no other phone, and to none if the stage keeps no recent posts", async () => {
    const { send, ports, sent } = await services();
    expect(await send(by(OWNER), "other")).toEqual(ok("unlisted"));
    expect(await ownerTestPush({ ...ports, recentPosts: undefined })(by(OWNER), "phone")).toEqual(ok("unlisted"));
    expect(sent).toEqual([]);
  });

  it("is allowed only to the owner, by a link to the whole page, while the domain is active", async () => {
    const { send, sent, office } = await services();
    expect(await send(by("rival@three.example"), "phone")).toEqual(fail("not-yours"));
    expect(await send(by(OWNER, "unknown.example.com"), "phone")).toEqual(fail("not-yours"));
    expect(await send({ ...by(OWNER), scope: "object" }, "phone")).toEqual(fail("scope"));
    await office.suspend(DOMAIN, OPERATOR);
    expect(await send(by(OWNER), "phone")).toEqual(fail("suspended"));
    expect(sent).toEqual([]);
  });

  it("goes to no phone from an earlier owner's posts", async () => {
    const { send, sent, owners, clock, keep } = await services();
    clock.advance(1_000);
    await owners.changeAddress(by(OWNER), address("next@example.com"));
    await owners.confirmAddress(by("next@example.com"));
    expect(await send(by("next@example.com"), "phone")).toEqual(ok("unlisted"));
    clock.advance(1_000);
    keep("own");
    expect(await send(by("next@example.com"), "own")).toEqual(ok("accepted"));
    expect(sent).toHaveLength(1);
  });

  it("is limited to five an hour for a domain", async () => {
    const { send, sent, clock, telemetry } = await services();
    for (let nth = 0; nth < 5; nth += 1) expect(await send(by(OWNER), "phone")).toEqual(ok("accepted"));
    expect(await send(by(OWNER), "phone")).toEqual(fail("limited"));
    expect(sent).toHaveLength(5);
    expect(telemetry.count("Limited", "test-pushes-domain")).toBe(1);
    clock.advance(3_600_000);
    expect(await send(by(OWNER), "phone")).toEqual(ok("accepted"));
  });

  const error = (err: PushErr): Tested => ok({ error: { err, info: "" } });
  it.each<readonly [Tested, TestOutcome]>([
    [ok({}), "accepted"],
    [ok({ later: "gone" }), "gone"],
    [ok({ later: "bad-message" }), "bad-message"],
    [error("Uninstalled"), "gone"],
    [error("GcmNotRegistered"), "gone"],
    [error("ApnInvalidToken"), "gone"],
    [error("GcmInvalidReg"), "gone"],
    [error("GcmAuthentication"), "app-down"],
    [error("ApnServiceDown"), "app-down"],
    [error("ApnProcessingErr"), "bad-message"],
    [error("GcmBadRequest"), "bad-message"],
    [error("ApnError"), "failed"],
    [error("GcmDeviceRate"), "failed"],
    ...(["forgotten", "shared", "gone"] satisfies Untestable[]).map((why) => [fail(why), why] as const),
  ])("reports its outcome: %j", async (tested, outcome) => {
    const { send, state } = await services();
    state.tested = tested;
    expect(await send(by(OWNER), "phone")).toEqual(ok(outcome));
  });
});
