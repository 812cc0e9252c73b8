import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { NOON } from "../../../support/values/clock.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

/** Separate names for each test, as they share a table. */
function setting() {
  const domain = `${randomUUID()}.example.com`;
  const sessions = dynamoSessions(dynamo.clients.sdk, dynamo.tables.sessions);
  const sockets = dynamoSockets(dynamo.clients.sdk, dynamo.tables.sessions);
  const opened = async () => {
    const id = randomUUID();
    await sessions.open(id, { source: "192.0.2.1", connectedAt: NOON });
    return { id, seen: { connectionId: id, source: "192.0.2.1", connectedAt: NOON } };
  };
  const login = { account: `${domain}/master`, domain, secretId: "s1" };
  const said = { ...login, spelling: domain, at: NOON + 5, sip: "", dn: "" };
  return { domain, sessions, sockets, opened, login, said };
}

it("a socket is returned as opened, then with its login and the PBX's own description", async () => {
  const { sessions, sockets, opened, login, said } = setting();
  const { id, seen } = await opened();
  expect(await sockets.find(id)).toStrictEqual(seen);
  expect(await sockets.find(randomUUID())).toBeUndefined();
  await sessions.logIn(id, said);
  expect(await sockets.find(id)).toStrictEqual({ ...seen, login: { ...login, at: NOON + 5 } });
  await sessions.logIn(id, { ...said, sip: "push", dn: "Push" });
  await sessions.keepPbxInfo(id, { pbx: "master", apis: [] });
  expect(await sockets.find(id)).toStrictEqual({
    ...seen,
    login: { ...login, at: NOON + 5, sip: "push", dn: "Push" },
    pbx: { pbx: "master", apis: [] },
  });
  await sessions.logOut(id);
  expect(await sockets.find(id)).toStrictEqual({ ...seen, pbx: { pbx: "master", apis: [] } });
});

it("a domain's sockets are those logged in under it, without refused logins", async () => {
  const { domain, sessions, sockets, opened, said } = setting();
  const [one, other, foreign] = [await opened(), await opened(), await opened()];
  await sessions.logIn(one.id, said);
  await sessions.logIn(other.id, { ...said, account: domain });
  await sessions.logIn(foreign.id, { ...said, domain: `other.${domain}` });
  await sessions.keepRefusedLogin({ account: domain, source: "192.0.2.9", at: NOON, reason: "wrong-password" });
  const found = await sockets.ofDomain(domain);
  expect(found.map(({ connectionId }) => connectionId).toSorted()).toEqual([one.id, other.id].toSorted());
  expect(await sockets.refusedLogins(domain)).toEqual([
    { account: domain, source: "192.0.2.9", at: NOON, reason: "wrong-password", refusals: 1 },
  ]);
  await sessions.logOut(one.id, "another secret");
  expect(await sockets.ofDomain(domain)).toHaveLength(2);
  await sessions.logOut(one.id, "s1");
  expect(await sockets.ofDomain(domain)).toHaveLength(1);
});

it("a socket that floods is marked once, and never one that has logged in", async () => {
  const { sessions, opened, said } = setting();
  const { id } = await opened();
  expect([await sessions.markFlooding(id), await sessions.markFlooding(id)]).toEqual([true, false]);
  const { id: fine } = await opened();
  await sessions.logIn(fine, said);
  expect(await sessions.markFlooding(fine)).toBe(false);
  expect(await sessions.markFlooding(randomUUID())).toBe(false);
});
