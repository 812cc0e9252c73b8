import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoPbxSecrets } from "../../../../lambdas/adapters/aws/pbx/pbx-secrets.ts";
import { dynamoNetworks } from "../../../../lambdas/adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../../../../lambdas/adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../../../lambdas/adapters/aws/pbx/sockets.ts";
import { pbxSession } from "../../../../lambdas/usecases/pbx/session.ts";
import { connectionCloser } from "../../../../lambdas/usecases/domains/close-connections.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { storeIn } from "../../../support/aws/dynamo-store.ts";
import { OPERATOR, ownershipServices } from "../../../support/services/ownership.ts";
import { loginText } from "../../../support/values/values.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

const OWNER = "owner@example.com";

/** What must hold for a domain after any race. */
async function expectConsistent(
  { domains, secrets, changes }: ReturnType<typeof ownershipServices>,
  key: string,
): Promise<void> {
  const [domain, stored] = await Promise.all([domains.find(key), secrets.find(key)]);
  expect(stored?.current.id).toBe(domain?.secrets.current.id);
  expect(stored?.previous?.id).toBe(domain?.secrets.previous?.id);
  const history = await domains.history(key, 500);
  expect(history.map(({ action }) => action).sort()).toEqual(changes.map(({ action }) => action).sort());
  expect(changes.at(-1)?.after === undefined).toBe(domain === undefined);
}

describe("at the same time, in DynamoDB", () => {
  it("50 confirmations of one link give one secret", async () => {
    const services = ownershipServices(storeIn(dynamo));
    const key = `${randomUUID()}.example.com`;
    const { link = "", code, ticket } = await services.ask(key, OWNER);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => services.page.confirm(link, code, false)));
    expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["confirmed", "done"]));
    expect(await services.window.poll(ticket)).toMatchObject({
      state: "confirmed",
      password: (await services.secrets.find(key))?.current.secret,
    });
    expect(services.changes).toHaveLength(1);
    await expectConsistent(services, key);
  });

  it.each([1, 2, 3, 4, 5])(
    "registration, deletion, replacement and login leave one consistent state (%i)",
    async () => {
      const services = ownershipServices(storeIn(dynamo));
      const key = `${randomUUID()}.example.com`;
      await services.register(key, OWNER);
      const windows = await Promise.all([1, 2, 3].map(() => services.ask(key, OWNER)));
      const present = (await services.secrets.find(key))?.current.id ?? "";
      await Promise.all([
        ...windows.map(({ link = "", code }, index) => services.page.confirm(link, code, index > 0)),
        services.office.remove(key, OPERATOR),
        services.owners.replaceSecret({ account: key, emailKey: OWNER }, present),
        ...[1, 2, 3].map(() => services.time.loggedIn(key, present)),
        services.office.suspend(key, OPERATOR),
        services.office.resume(key, OPERATOR),
      ]);
      await expectConsistent(services, key);
      const valid = await services.secrets.find(key);
      for (const { ticket } of windows) {
        const polled = await services.window.poll(ticket);
        if (polled?.state === "confirmed") expect(polled.password).toBe(valid?.current.secret);
      }
    },
  );

  it.each([1, 2, 3])(
    "PBXes that log in while their domain is deleted are not connected afterwards, under any account (%i)",
    async () => {
      const services = ownershipServices(storeIn(dynamo));
      const { tables } = dynamo;
      const key = `${randomUUID()}.example.com`;
      const { password = "" } = await services.register(key, OWNER);
      const own = await services.office.add({ account: `${key}/slave` }, OPERATOR);
      const sessions = dynamoSessions(dynamo.clients.lean, tables.sessions);
      const networks = dynamoNetworks(dynamo.clients.lean, tables.sessions);
      const checks = {
        checkLogin: () => Promise.resolve(),
        flooding: () => Promise.resolve(),
        firstLogin: (account: string, secretId: string) => services.time.loggedIn(account, secretId),
      };
      const talk = pbxSession({
        ...services,
        sessions,
        credentials: dynamoPbxSecrets(dynamo.clients.lean, tables),
        checks,
        networks,
      });
      const { logOut, markFlooding } = sessions;
      const sockets = {
        ...dynamoSockets(dynamo.clients.sdk, tables.sessions),
        logOut,
        markFlooding,
        close: async (id: string) => void (await sessions.close(id)),
      };
      const watch = connectionCloser({ ...services, sockets, checks, networks });

      const pbxes = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const id = `${key} ${index}`;
          await talk.opened(id, "192.0.2.1");
          const { challenge } = JSON.parse((await talk.received(id, '{"mt":"AppChallenge"}')) ?? "") as {
            challenge: string;
          };
          const slave = index % 2 === 1 && own.ok;
          return {
            id,
            text: loginText({
              domain: slave ? `${key}/slave` : key,
              challenge,
              password: slave ? own.value.secret : password,
            }),
          };
        }),
      );
      const [answers] = await Promise.all([
        Promise.all(pbxes.map(({ id, text }) => talk.received(id, text))),
        services.office.remove(key, OPERATOR),
      ]);
      expect(answers.every((answer) => /"ok":(true|false)/u.test(answer ?? ""))).toBe(true);
      // The sweep that every such change queues for later.
      await watch.sweep(key);
      expect(await sockets.ofDomain(key)).toEqual([]);
      expect(await services.domains.findAll([key, `${key}/slave`])).toEqual([]);
      expect([await services.secrets.find(key), await services.secrets.find(`${key}/slave`)]).toEqual([
        undefined,
        undefined,
      ]);
    },
  );

  it("ten proofs of a provisional domain give the domain and its secret to one of them", async () => {
    const services = ownershipServices(storeIn(dynamo));
    const key = `${randomUUID()}.example.com`;
    await services.register(key, "squatter@elsewhere.example");
    const rivals = Array.from({ length: 10 }, (_, index) => ({
      account: key,
      emailKey: `rival${index}@rival.example`,
    }));
    for (const rival of rivals) await services.publish(rival);
    const proved = await Promise.all(rivals.map((rival) => services.owners.prove(rival)));
    const taken = proved.flatMap((outcome) =>
      outcome.ok && outcome.value.kind === "taken" ? [outcome.value.password] : [],
    );
    expect(taken).toEqual([(await services.secrets.find(key))?.current.secret]);
    await expectConsistent(services, key);
  });
});
