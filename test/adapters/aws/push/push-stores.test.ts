import { randomUUID } from "node:crypto";
import { BatchWriteItemCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoPostContext } from "../../../../lambdas/adapters/aws/push/post-context.ts";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { dynamoDevices } from "../../../../lambdas/adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../../../../lambdas/adapters/aws/push/new-tokens.ts";
import { dynamoOutcomes } from "../../../../lambdas/adapters/aws/push/outcomes.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { slotOf } from "../../../../lambdas/core/pbx/refused-logins.ts";
import { accountKey } from "../../../../lambdas/core/shared/names.ts";
import { NOON } from "../../../support/values/clock.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { memoryPushStore, type PushStore } from "../../../support/memory/memory-push.ts";
import { testClock } from "../../../support/values/time-and-chance.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const HOUR = 3_600_000;
const LIMIT = 2_000;

const KINDS = ["sdk", "lean"] as const;
const dynamoStore = (kind: (typeof KINDS)[number]): PushStore => ({
  sessions: dynamoSessions(dynamo.clients[kind], dynamo.tables.sessions),
  context: dynamoPostContext(dynamo.clients[kind], dynamo.tables),
  devices: dynamoDevices(dynamo.clients[kind], dynamo.tables.core),
  newTokens: dynamoNewTokens(dynamo.clients[kind], dynamo.tables.core),
  outcomes: dynamoOutcomes(dynamo.clients.sdk, dynamo.tables.core),
});

async function rowOf(table: "sessions" | "core", key: object) {
  const { Item } = await dynamo.client.send(
    new GetItemCommand({ TableName: table, Key: marshall(key), ConsistentRead: true }),
  );
  return Item && unmarshall(Item);
}

describe.each([
  ["memory", () => memoryPushStore(testClock(NOON))],
  ["DynamoDB by the SDK's client", () => dynamoStore("sdk")],
  ["DynamoDB by the lean client", () => dynamoStore("lean")],
])("connections and devices in %s", (_name, create) => {
  let store: PushStore;
  /** Separate names for every test, so that the tests can share a table. */
  let id: string;
  beforeEach(() => {
    store = create();
    id = randomUUID();
  });

  const login = { account: "pbx.example.com/master", domain: "pbx.example.com", secretId: "s1" };
  const told = { ...login, spelling: "PBX.example.com/Master", at: NOON, sip: "push", dn: "Push" };
  const open = () => store.sessions.open(id, { source: "192.0.2.1", connectedAt: NOON });
  const session = async () => (await store.context.read({ connectionId: id, app: id }, LIMIT)).session;

  describe("a connection", () => {
    it("gets challenges while it is open; each can be used once", async () => {
      expect(await store.sessions.setChallenge(id, "c0", NOON)).toBe(false);
      await open();
      expect(await store.sessions.takeChallenge(id)).toBeUndefined();
      expect(await store.sessions.setChallenge(id, "c1", NOON + 1)).toBe(true);
      expect(await store.sessions.setChallenge(id, "c2", NOON + 2)).toBe(true);
      expect(await store.sessions.takeChallenge(id)).toEqual({ challenge: "c2", until: NOON + 2, source: "192.0.2.1" });
      expect(await store.sessions.takeChallenge(id)).toBeUndefined();
      await store.sessions.close(id);
      expect(await store.sessions.setChallenge(id, "c3", NOON)).toBe(false);
    });

    it("gives a challenge to only one of many requests", async () => {
      await open();
      await store.sessions.setChallenge(id, "c", NOON);
      const taken = await Promise.all(Array.from({ length: 8 }, () => store.sessions.takeChallenge(id)));
      expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
    });

    it("is logged in until it closes or its login ends", async () => {
      expect(await store.sessions.logIn(id, told)).toBe(false);
      await open();
      expect(await session()).toBeUndefined();
      expect(await store.sessions.logIn(id, told)).toBe(true);
      expect(await session()).toEqual(login);
      await store.sessions.setChallenge(id, "c", NOON);
      expect(await session()).toEqual(login);
      await store.sessions.takeChallenge(id);
      await store.sessions.logOut(id, "another");
      expect(await session()).toEqual(login);
      await store.sessions.logOut(id, "s1");
      await store.sessions.logOut(id);
      expect(await session()).toBeUndefined();
      await store.sessions.logIn(id, told);
      await store.sessions.logOut(id);
      expect(await session()).toBeUndefined();
      await store.sessions.logIn(id, told);
      await store.sessions.close(id);
      await store.sessions.close(id);
      expect(await session()).toBeUndefined();
    });

    it("stores any text of a PBX", async () => {
      await open();
      const odd = `\ud83d${"x".repeat(254)}\u{1f4de}`;
      expect(
        await store.sessions.logIn(id, { ...told, ...accountKey(odd), spelling: odd.repeat(50), sip: odd, dn: "" }),
      ).toBe(true);
      await store.sessions.keepPbxInfo(id, { pbx: "", apis: ["PbxApi", ""] });
      await store.sessions.keepRefusedLogin({
        account: accountKey(odd).account,
        source: "",
        at: NOON,
        reason: "wrong-password",
      });
      expect(await session()).toEqual({ ...accountKey(odd), secretId: "s1" });
    });
  });

  describe("a device", () => {
    const change = { app: "ios", domain: "a.example.com", usedAt: NOON };
    const endpoint = (nth = 1) => `arn:aws:sns:eu-central-1:111111111111:endpoint/APNS/phone/${id}-${nth}`;
    const remember = (more: object = {}) => store.devices.remember(id, { ...change, ...more }, LIMIT);
    const seen = async (domain = "a.example.com") =>
      (await store.context.read({ deviceKey: id, app: id }, LIMIT)).device?.seenBy(domain);
    const tenant = { since: NOON, strikes: 0, countedFrom: 0, struckAt: 0 };
    /** The device as the events function names it. */
    const found = async (nth = 1) => store.outcomes.find(endpoint(nth));

    it("does not exist before its first post, nor without an endpoint", async () => {
      expect(await seen()).toBeUndefined();
      await remember();
      expect(await seen()).toBeUndefined();
    });

    it("keeps what a change does not name, including its creation and its tenants' first use", async () => {
      await remember({ endpointArn: endpoint(), token: "sealed" });
      await remember({ usedAt: NOON + 1, enabledAt: NOON + 1, goneAt: NOON + 1, goodSince: NOON + 1 });
      await remember({ usedAt: NOON + 2, domain: "b.example.com" });
      const told = { enabledAt: NOON + 1, goneAt: NOON + 1, goodSince: NOON + 1 };
      const device = { endpointArn: endpoint(), createdAt: NOON, usedAt: NOON + 2, ...told };
      expect(await seen()).toEqual({ ...device, tenant });
      expect(await seen("b.example.com")).toEqual({ ...device, tenant: { ...tenant, since: NOON + 2 } });
      expect(await seen("c.example.com")).toEqual({ ...device, tenant: undefined });
      await remember({ goneAt: null, endpointArn: endpoint(2) });
      expect(await seen()).toEqual({ ...device, usedAt: NOON, endpointArn: endpoint(2), goneAt: undefined, tenant });
      await remember({ enabledAt: null, goodSince: null });
      expect(await seen()).toMatchObject({ enabledAt: undefined, goodSince: undefined });
    });

    it("is returned as written, from every domain's view, and not without an endpoint", async () => {
      expect(await remember()).toBeUndefined();
      await remember({ endpointArn: endpoint(), usedAt: NOON + 1 });
      const written = await remember({ domain: "b.example.com", usedAt: NOON + 2 });
      expect(written?.seenBy("a.example.com")).toEqual(await seen());
      expect(written?.seenBy("b.example.com")).toEqual(await seen("b.example.com"));
    });

    it("shows whether another tenant has used it", async () => {
      const one = await remember({ endpointArn: endpoint() });
      expect([one?.isShared("a.example.com"), one?.isShared("b.example.com")]).toEqual([false, true]);
      const both = await remember({ domain: "b.example.com" });
      expect([both?.isShared("a.example.com"), both?.isShared("b.example.com")]).toEqual([true, true]);
    });

    it("is changed by compareAndSet only while it is as read, and by only one of many", async () => {
      const claim = (at: number, before: { enabledAt?: number; goneAt?: number } = {}) => {
        const claimed = { ...change, endpointArn: endpoint(), enabledAt: at, goneAt: null, goodSince: null };
        return store.devices.compareAndSet(id, claimed, { enabledAt: before.enabledAt, goneAt: before.goneAt }, LIMIT);
      };
      expect(await claim(NOON, { enabledAt: NOON - 1 })).toBeUndefined();
      expect(await seen()).toBeUndefined();
      const claims = await Promise.all([1, 2, 3, 4].map((nth) => claim(NOON + nth)));
      const [won] = claims.filter((row) => row !== undefined);
      expect(claims.filter((row) => row !== undefined)).toHaveLength(1);
      expect(won?.seenBy("a.example.com")).toEqual(await seen());
      const { enabledAt = 0 } = (await seen()) ?? {};
      await remember({ goneAt: NOON + 9, goodSince: NOON });
      expect(await claim(NOON + 10, { enabledAt })).toBeUndefined();
      expect(await seen()).toMatchObject({ enabledAt, goneAt: NOON + 9 });
      expect(await claim(NOON + 10, { enabledAt, goneAt: NOON + 9 })).toBeDefined();
      expect(await seen()).toMatchObject({ enabledAt: NOON + 10, goneAt: undefined, goodSince: undefined });
    });

    it("is found by its endpoint, and not by a former one", async () => {
      expect(await found()).toBeUndefined();
      await remember({ endpointArn: endpoint() });
      await remember({ domain: "b.example.com", enabledAt: NOON + 1 });
      expect(await found()).toMatchObject({ app: "ios", goodSince: undefined, enabledAt: NOON + 1 });
      await remember({ goodSince: NOON + 2 });
      expect((await found())?.goodSince).toBe(NOON + 2);
      expect((await found())?.tenants).toHaveLength(2);
      await remember({ endpointArn: endpoint(2) });
      expect([await found(1), (await found(2))?.app]).toEqual([undefined, "ios"]);
    });

    it("is marked as gone, and loses a lost endpoint but no other", async () => {
      await remember({ endpointArn: endpoint() });
      const key = (await found())?.key ?? "";
      expect(await store.outcomes.markGone(key, NOON + 5)).toBe(true);
      expect(await store.outcomes.markGone(key, NOON + 6)).toBe(false);
      expect((await seen())?.goneAt).toBe(NOON + 5);
      await remember({ goneAt: null, enabledAt: NOON + 7 });
      expect(await store.outcomes.markGone(key, NOON + 6)).toBe(false);
      expect(await store.outcomes.markGone(key, NOON + 7)).toBe(true);
      await store.outcomes.forgetEndpoint(key, endpoint(2));
      expect((await seen())?.endpointArn).toBe(endpoint());
      await store.outcomes.forgetEndpoint(key, endpoint());
      expect(await seen()).toBeUndefined();
      expect(await store.outcomes.markGone(`${key}-unknown`, NOON)).toBe(false);
      await store.outcomes.forgetEndpoint(`${key}-unknown`, endpoint());
    });

    it("loses its mark and tries when lifted, and keeps the rest", async () => {
      expect(await store.devices.forgetGone(id, NOON + 3, LIMIT)).toBe(false);
      expect(await seen()).toBeUndefined();
      await remember({ endpointArn: endpoint(), goodSince: NOON });
      const before = await seen();
      expect(await store.devices.forgetGone(id, NOON + 3, LIMIT)).toBe(false);
      for (const marks of [
        { goneAt: NOON + 1 },
        { enabledAt: NOON + 2, tries: 1 },
        { goneAt: NOON + 3, enabledAt: NOON + 2, tries: 2 },
      ]) {
        await remember(marks);
        expect(await store.devices.forgetGone(id, NOON + 3, LIMIT)).toBe(true);
        expect(await seen()).toEqual(before);
      }
      const key = (await found())?.key ?? "";
      expect(await store.outcomes.markGone(key, NOON + 2)).toBe(false);
      expect(await store.outcomes.markGone(key, NOON + 3)).toBe(true);
    });

    it("counts a tenant's strikes for an hour from the first one, then starts over", async () => {
      await remember({ endpointArn: endpoint() });
      await remember({ domain: "b.example.com" });
      const { key = "", tenants: [first = ""] = [] } = (await found()) ?? {};
      const strikes = async () =>
        [(await seen())?.tenant, (await seen("b.example.com"))?.tenant].map((one) => one?.strikes).sort();
      await store.outcomes.strike(key, first, NOON);
      await store.outcomes.strike(key, first, NOON + HOUR - 1);
      expect(await strikes()).toEqual([0, 2]);
      await store.outcomes.strike(key, first, NOON + HOUR);
      expect(await strikes()).toEqual([0, 1]);
      await store.outcomes.strike(key, first, NOON + HOUR + 1);
      expect(await strikes()).toEqual([0, 2]);
      await store.outcomes.strike(key, "t:nobody", NOON);
      expect(await strikes()).toEqual([0, 2]);
    });
  });

  describe("the new tokens of a domain", () => {
    const count = (at: number) => store.newTokens.add(id, at, LIMIT);
    const hour = NOON / HOUR;

    it("are counted together by hour", async () => {
      expect(await count(NOON + 1)).toEqual({ firstAt: NOON + 1, known: 1, hour, inHour: 1 });
      expect(await count(NOON + 2)).toEqual({ firstAt: NOON + 1, known: 2, hour, inHour: 2 });
      expect(await count(NOON + HOUR)).toEqual({ firstAt: NOON + 1, known: 3, hour: hour + 1, inHour: 1 });
      // With a clock that is behind, they count in the stored hour.
      expect(await count(NOON + HOUR - 1)).toMatchObject({ known: 4, hour: hour + 1, inHour: 2 });
      expect(await store.newTokens.add(`${id}-other`, NOON, LIMIT)).toMatchObject({ known: 1, inHour: 1 });
    });

    it("are all counted if many come at once, even as the first of an hour", async () => {
      for (const [at, before] of [
        [NOON, 0],
        [NOON + HOUR, 10],
      ] as const) {
        const counted = await Promise.all(Array.from({ length: 10 }, () => count(at)));
        expect(Math.max(...counted.map(({ known }) => known))).toBe(before + 10);
        expect(Math.max(...counted.map(({ inHour }) => inHour))).toBe(10);
      }
    });
  });

  it("reads connection and device together, and only what was requested", async () => {
    await open();
    await store.sessions.logIn(id, told);
    await store.devices.remember(
      id,
      { app: id, domain: "a.example.com", usedAt: NOON, endpointArn: `arn:${id}` },
      LIMIT,
    );
    const both = await store.context.read({ connectionId: id, deviceKey: id, app: id }, LIMIT);
    expect([both.session, both.device?.seenBy("a.example.com").endpointArn]).toEqual([login, `arn:${id}`]);
    expect(await store.context.read({ connectionId: id, app: id }, LIMIT)).toEqual({
      session: login,
      device: undefined,
      breaker: undefined,
    });
  });

  it("counts disabled tokens by minute, and stores when an app's breaker opened", async () => {
    const { outcomes } = store;
    expect(await Promise.all([outcomes.countDisabled(id, NOON), outcomes.countDisabled(id, NOON + 59_999)])).toEqual(
      expect.arrayContaining([1, 2]),
    );
    expect(await outcomes.countDisabled(id, NOON + 60_000)).toBe(1);
    const read = async () => (await store.context.read({ deviceKey: "none", app: id }, LIMIT)).breaker;
    expect([await outcomes.breakerOf(id), await read()]).toEqual([undefined, undefined]);
    for (const breaker of [
      { openedAt: NOON, openUntil: NOON + HOUR },
      { openedAt: NOON + 1, openUntil: NOON + 2 },
    ]) {
      await outcomes.openBreaker(id, breaker);
      expect([await outcomes.breakerOf(id), await read()]).toEqual([breaker, breaker]);
    }
  });
});

describe("rows as in docs/architecture.md", () => {
  it("of a connection: displayed details, and a time to be swept", async () => {
    const { sessions } = dynamoStore("lean");
    const login = {
      account: "pbx.example.com/a",
      domain: "pbx.example.com",
      secretId: "s1",
      spelling: "PBX.example.com/A",
    };
    await sessions.open("row", { source: "192.0.2.1", connectedAt: NOON });
    await sessions.keepPbxInfo("row", { pbx: "too early", apis: [] });
    await sessions.logIn("row", { ...login, at: NOON + 1, sip: "push", dn: "Push" });
    await sessions.keepPbxInfo("row", { pbx: "master", apis: ["PbxApi"] });
    expect(await rowOf("sessions", { pk: "CONN#row" })).toEqual({
      pk: "CONN#row",
      source: "192.0.2.1",
      connectedAt: NOON,
      ...login,
      loggedInAt: NOON + 1,
      sip: "push",
      dn: "Push",
      pbxInfo: { pbx: "master", apis: ["PbxApi"] },
      ttl: NOON / 1_000 + 3 * 3_600,
    });
  });

  it("of a refused login: the last one in its place, its reason and the count", async () => {
    const { sessions } = dynamoStore("lean");
    const refusal = {
      account: "refused.example.com/a",
      source: "192.0.2.1",
      at: NOON,
      reason: "wrong-password",
    } as const;
    await sessions.keepRefusedLogin(refusal);
    await sessions.keepRefusedLogin({ ...refusal, at: NOON + 1_000, reason: "suspended" });
    const pk = `LOGIN#refused.example.com#${slotOf(refusal)}`;
    expect(await rowOf("sessions", { pk })).toEqual({
      ...refusal,
      pk,
      domain: "refused.example.com",
      at: NOON + 1_000,
      reason: "suspended",
      refusals: 2,
      ttl: NOON / 1_000 + 1 + 7 * 86_400,
    });
  });

  it("of a refused login: none for a domain that is not registered", async () => {
    const { sessions } = dynamoStore("lean");
    const refusal = { account: "invented.example.com", source: "192.0.2.1", at: NOON, reason: "unknown" } as const;
    await sessions.keepRefusedLogin(refusal);
    expect(await rowOf("sessions", { pk: `LOGIN#invented.example.com#${slotOf(refusal)}` })).toBeUndefined();
  });

  it("of a device: no token and no domain in plain text", async () => {
    const { devices } = dynamoStore("lean");
    await devices.remember(
      "key",
      { app: "ios", domain: "a.example.com", usedAt: NOON, endpointArn: "arn:row", token: "sealed" },
      LIMIT,
    );
    const { ttl, ...row } = (await rowOf("core", { pk: "DEVICE#key", sk: "DEVICE" })) ?? {};
    const tenant = Object.keys(row).find((name) => name.startsWith("t:")) ?? "";
    expect(tenant).toMatch(/^t:[\w-]{12}$/u);
    expect(row).toEqual({
      pk: "DEVICE#key",
      sk: "DEVICE",
      app: "ios",
      endpointArn: "arn:row",
      token: "sealed",
      createdAt: NOON,
      usedAt: NOON,
      [tenant]: { since: NOON, strikes: 0, countedFrom: 0, struckAt: 0 },
    });
    expect(ttl).toBe(NOON / 1_000 + 180 * 86_400);
  });
});

describe.each(KINDS)("credentials in DynamoDB by the client %s", (kind) => {
  const secrets = (secret: string) => ({ current: { id: `id-${secret}`, secret, issuedAt: NOON } });
  const find = (spelling: string) => dynamoPbxSecrets(dynamo.clients[kind], dynamo.tables).find(accountKey(spelling));

  beforeAll(async () => {
    const put = (item: object) => ({ PutRequest: { Item: marshall(item) } });
    const state = (name: string, value: string) =>
      put({ pk: `DOMAIN#${name}`, sk: "DOMAIN", kind: "domain", state: value });
    await dynamo.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          secrets: [
            put({
              account: "a.example.com",
              ...secrets("a"),
              previous: { ...secrets("old").current, validUntil: NOON },
            }),
            put({ account: "a.example.com/own", ...secrets("own") }),
            put({ account: "a.example.com/off", ...secrets("off") }),
            put({ account: "b.example.com", ...secrets("b") }),
          ],
          core: [
            state("a.example.com", "active"),
            state("a.example.com/own", "active"),
            state("a.example.com/off", "suspended"),
            state("b.example.com", "suspended"),
            state("b.example.com/own", "active"),
          ],
        },
      }),
    );
  });

  it.each([
    ["A.example.com", undefined, "a", true],
    ["a.example.com/other", undefined, "a", true],
    ["a.example.com/Own", "own", "a", true],
    ["a.example.com/off", "off", "a", false],
    ["b.example.com", undefined, "b", false],
    ["b.example.com/own", undefined, "b", false],
    ["unknown.example.com", undefined, undefined, false],
    ["", undefined, undefined, false],
    ["\ud800", undefined, undefined, false],
    ["ü.".repeat(256), undefined, undefined, false],
    ["/".repeat(600), undefined, undefined, false],
  ])("%.40s: own %s, domain's %s, active %s", async (spelling, own, domain, active) => {
    const found = await find(spelling);
    expect([found.own?.current.secret, found.domain?.current.secret, found.active]).toEqual([own, domain, active]);
  });

  it("include the previous secret with its end", async () => {
    expect((await find("a.example.com")).domain?.previous).toEqual({ ...secrets("old").current, validUntil: NOON });
  });
});
