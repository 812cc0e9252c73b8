import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoCredentials } from "../../../../lambdas/adapters/aws/pbx/credentials.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { conversation } from "../../../../lambdas/usecases/pbx/session.ts";
import { watching } from "../../../../lambdas/usecases/domains/close-connections.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { storeIn } from "../../../support/aws/dynamo-store.ts";
import { OPERATOR, ownershipWorld } from "../../../support/services/ownership.ts";
import { loginText } from "../../../support/values/values.ts";

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const OWNER = "owner@example.com";

/** What must be true of a domain whatever has raced. */
async function expectConsistent({ domains, secrets, changes }: ReturnType<typeof ownershipWorld>, key: string): Promise<void> {
  const [domain, stored] = await Promise.all([domains.find(key), secrets.find(key)]);
  expect(stored?.current.id).toBe(domain?.secrets.current.id);
  expect(stored?.previous?.id).toBe(domain?.secrets.previous?.id);
  const history = await domains.history(key, 500);
  expect(history.map(({ action }) => action).sort()).toEqual(changes.map(({ action }) => action).sort());
  expect(changes.at(-1)?.after === undefined).toBe(domain === undefined);
}

describe("at the same time, in DynamoDB", () => {
  it("50 confirmations of one link give one secret", async () => {
    const world = ownershipWorld(storeIn(dynamo));
    const key = `${randomUUID()}.example.com`;
    const { link = "", code, ticket } = await world.ask(key, OWNER);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => world.page.confirm(link, code, false)));
    expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["confirmed", "done"]));
    expect(await world.window.poll(ticket)).toMatchObject({
      state: "confirmed",
      password: (await world.secrets.find(key))?.current.secret,
    });
    expect(world.changes).toHaveLength(1);
    await expectConsistent(world, key);
  });

  it.each([1, 2, 3, 4, 5])("registration, deletion, replacement and login leave one consistent state (%i)", async () => {
    const world = ownershipWorld(storeIn(dynamo));
    const key = `${randomUUID()}.example.com`;
    await world.register(key, OWNER);
    const windows = await Promise.all([1, 2, 3].map(() => world.ask(key, OWNER)));
    const present = (await world.secrets.find(key))?.current.id ?? "";
    await Promise.all([
      ...windows.map(({ link = "", code }, index) => world.page.confirm(link, code, index > 0)),
      world.office.remove(key, OPERATOR),
      world.owners.replaceSecret({ domain: key, emailKey: OWNER }, present),
      ...[1, 2, 3].map(() => world.time.loggedIn(key)),
      world.office.suspend(key, OPERATOR),
      world.office.resume(key, OPERATOR),
    ]);
    await expectConsistent(world, key);
    const valid = await world.secrets.find(key);
    for (const { ticket } of windows) {
      const polled = await world.window.poll(ticket);
      if (polled?.state === "confirmed") expect(polled.password).toBe(valid?.current.secret);
    }
  });

  it.each([1, 2, 3])("PBXes that log in while their domain is deleted are not connected afterwards, under whatever account (%i)", async () => {
    const world = ownershipWorld(storeIn(dynamo));
    const { client, tables } = dynamo;
    const key = `${randomUUID()}.example.com`;
    const { password = "" } = await world.register(key, OWNER);
    const own = await world.office.add({ key: `${key}/slave` }, OPERATOR);
    const sessions = dynamoSessions(dynamo.clients.lean, tables.sessions);
    const checks = { checkLogin: () => Promise.resolve(), firstLogin: (account: string) => world.time.loggedIn(account) };
    const talk = conversation({ ...world, sessions, credentials: dynamoCredentials(dynamo.clients.lean, tables), checks });
    const sockets = { ...dynamoSockets(client, tables.sessions), close: async (id: string) => void (await sessions.close(id)) };
    const watch = watching({ ...world, sockets });

    const pbxes = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const id = `${key} ${index}`;
        await talk.opened(id, "192.0.2.1");
        const { challenge } = JSON.parse((await talk.received(id, '{"mt":"AppChallenge"}')) ?? "") as { challenge: string };
        const slave = index % 2 === 1 && own.ok;
        return { id, text: loginText({ domain: slave ? `${key}/slave` : key, challenge, password: slave ? own.value.secret : password }) };
      }),
    );
    const [answers] = await Promise.all([
      Promise.all(pbxes.map(({ id, text }) => talk.received(id, text))),
      world.office.remove(key, OPERATOR),
    ]);
    expect(answers.every((answer) => /"ok":(true|false)/u.test(answer ?? ""))).toBe(true);
    // The look that every such change orders for later.
    await watch.sweep(key);
    expect(await sockets.ofDomain(key)).toEqual([]);
    expect(await world.domains.findAll([key, `${key}/slave`])).toEqual([]);
    expect([await world.secrets.find(key), await world.secrets.find(`${key}/slave`)]).toEqual([undefined, undefined]);
  });

  it("of ten who prove a provisional domain one gets it, and its secret", async () => {
    const world = ownershipWorld(storeIn(dynamo));
    const key = `${randomUUID()}.example.com`;
    await world.register(key, "squatter@elsewhere.example");
    const rivals = Array.from({ length: 10 }, (_, index) => ({ domain: key, emailKey: `rival${index}@rival.example` }));
    for (const rival of rivals) await world.publish(rival);
    const proved = await Promise.all(rivals.map((rival) => world.owners.prove(rival)));
    const taken = proved.flatMap((outcome) => (outcome.ok && outcome.value.kind === "taken" ? [outcome.value.password] : []));
    expect(taken).toEqual([(await world.secrets.find(key))?.current.secret]);
    await expectConsistent(world, key);
  });
});
