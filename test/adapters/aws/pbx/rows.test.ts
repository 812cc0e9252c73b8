import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { scriptedDynamo } from "../../../support/aws/scripted-dynamo.ts";
import { NOON } from "../../../support/values/clock.ts";

const DOMAIN = "a.example";
const MASTER = `${DOMAIN}/master`;

describe("the secrets of a PBX", () => {
  const secret = (account: string) =>
    marshall({ account, current: { id: `s of ${account}`, secret: "s", issuedAt: 1 } });
  /** A row whose current secret has been used, or without marks as early versions stored it. */
  const state = (account: string, marked = true) =>
    marshall({
      pk: `DOMAIN#${account}`,
      sk: "DOMAIN",
      state: "active",
      ...(marked && { secrets: { current: { id: `s of ${account}`, issuedAt: 1, usedAt: 2 } } }),
    });
  const find = async (account: string, secrets: readonly object[], core: readonly object[]) => {
    const { client, asked } = scriptedDynamo({ Responses: { secrets, core } });
    const found = await dynamoPbxSecrets(client, { secrets: "secrets", core: "core" }).find({
      account,
      domain: DOMAIN,
    });
    return { found, asked };
  };

  it.each([
    ["its own before the domain's", MASTER, [DOMAIN, MASTER], MASTER],
    ["its own in any order of the rows", MASTER, [MASTER, DOMAIN], MASTER],
    ["the domain's if it has none of its own", MASTER, [DOMAIN], DOMAIN],
    ["the domain's for the domain itself", DOMAIN, [DOMAIN], DOMAIN],
  ])("are %s, and only these count as used", async (_, account, holders, holder) => {
    const states = [state(DOMAIN), state(MASTER)];
    for (const core of [states, states.toReversed()]) {
      const { found } = await find(account, holders.map(secret), core);
      expect(found).toMatchObject({ holder, used: [`s of ${holder}`], domain: { current: { id: `s of ${DOMAIN}` } } });
      expect(found.own?.current.id).toBe(holder === MASTER ? `s of ${MASTER}` : undefined);
    }
  });

  it("do not count as used without a mark", async () => {
    expect((await find(MASTER, [secret(DOMAIN)], [state(DOMAIN, false)])).found.used).toEqual([]);
    expect((await find(MASTER, [], [])).found).toMatchObject({ used: [], active: false });
  });

  it("are each read once, in both tables", async () => {
    for (const [account, names] of [
      [DOMAIN, [DOMAIN]],
      [MASTER, [MASTER, DOMAIN]],
    ] as const) {
      const { asked } = await find(account, [], []);
      const { RequestItems } = asked[0]?.input as { RequestItems: Record<string, { Keys: Record<string, never>[] }> };
      expect(RequestItems["secrets"]?.Keys.map((key) => unmarshall(key))).toEqual(
        names.map((name) => ({ account: name })),
      );
      expect(RequestItems["core"]?.Keys.map((key) => unmarshall(key))).toEqual(
        names.map((name) => ({ pk: `DOMAIN#${name}`, sk: "DOMAIN" })),
      );
    }
  });
});

it("a PBX's texts are cut to their displayed length, and stay well-formed", async () => {
  const { client, asked } = scriptedDynamo({ Attributes: {} });
  const long = `\ud83d${"x".repeat(600)}`;
  const login = { account: DOMAIN, domain: DOMAIN, secretId: "s", spelling: long, at: NOON, sip: long, dn: long };
  await dynamoSessions(client, "sessions").logIn("c", login);
  const { ExpressionAttributeValues } = asked[0]?.input as { ExpressionAttributeValues: Record<string, never> };
  const { ":spelling": spelling, ":sip": sip, ":dn": dn } = unmarshall(ExpressionAttributeValues);
  expect([spelling, sip, dn]).toEqual([511, 254, 254].map((rest) => `\ufffd${"x".repeat(rest)}`));
});

describe("a socket's row", () => {
  const row = { pk: "CONN#c", connectedAt: NOON, source: "192.0.2.1" };
  const login = { account: MASTER, domain: DOMAIN, secretId: "s1" };
  const seen = async (more: object) => {
    const { client } = scriptedDynamo({ Item: marshall({ ...row, ...more }) });
    return dynamoSockets(client, "sessions").find("c");
  };

  it("stored by an early version counts as logged in since it connected", async () => {
    expect((await seen(login))?.login).toEqual({ ...login, at: NOON });
    expect((await seen({ ...login, loggedInAt: NOON + 5 }))?.login).toEqual({ ...login, at: NOON + 5 });
  });

  it.each(["account", "domain", "secretId"] as const)("without its %s is not logged in", async (missing) => {
    const { [missing]: _, ...rest } = login;
    expect(await seen(rest)).toStrictEqual({ connectionId: "c", connectedAt: NOON, source: "192.0.2.1" });
  });
});

it("a domain's sockets are those logged in, even if the index still shows others", async () => {
  const { client } = scriptedDynamo({
    Items: [
      marshall({ pk: "CONN#c", connectedAt: NOON, source: "192.0.2.1", domain: DOMAIN }),
      marshall({
        pk: "CONN#d",
        connectedAt: NOON,
        source: "192.0.2.1",
        domain: DOMAIN,
        account: DOMAIN,
        secretId: "s",
      }),
    ],
  });
  const found = await dynamoSockets(client, "sessions").ofDomain(DOMAIN);
  expect(found.map(({ connectionId }) => connectionId)).toEqual(["d"]);
});

it("a closing socket returns how long it was open, and its account", async () => {
  const row = { pk: "CONN#c", connectedAt: NOON, source: "192.0.2.1", ttl: 1 };
  for (const [Attributes, closed] of [
    [marshall({ ...row, account: DOMAIN }), { connectedAt: NOON, account: DOMAIN }],
    [marshall(row), { connectedAt: NOON, account: undefined }],
    [undefined, undefined],
  ] as const) {
    const { client } = scriptedDynamo({ Attributes });
    expect(await dynamoSessions(client, "sessions").close("c")).toStrictEqual(closed);
  }
});

it("a domain's refused logins are one page of stored places, 256 at most", async () => {
  const { client, asked } = scriptedDynamo({ Items: [] });
  await dynamoSockets(client, "sessions").refusedLogins(DOMAIN);
  expect(asked).toMatchObject([
    {
      operation: "Query",
      input: {
        TableName: "sessions",
        IndexName: "byDomain",
        Limit: 256,
        ExpressionAttributeNames: { "#domain": "domain" },
        ExpressionAttributeValues: marshall({ ":domain": DOMAIN, ":prefix": "LOGIN#" }),
      },
    },
  ]);
});
