import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoNetworks } from "../../../../lambdas/adapters/aws/pbx/networks.ts";
import { NOON } from "../../../support/values/clock.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

it.each(["sdk", "lean"] as const)(
  "counts closings by network and minute, and remembers the last login, by the client %s",
  async (kind) => {
    const networks = dynamoNetworks(dynamo.clients[kind], dynamo.tables.sessions);
    const subnet = randomUUID().slice(0, 4);
    const source = `2001:db8:1:${subnet}::1`;
    expect(await networks.recordOf(source, NOON)).toEqual({ loggedInAt: undefined, closings: [0, 0] });
    for (const host of ["1", "2", "3"]) await networks.closed(`2001:db8:1:${subnet}::${host}`, NOON);
    await networks.closed(source, NOON + 60_000);
    await networks.loggedIn(source, NOON);
    expect(await networks.recordOf(source, NOON + 59_999)).toEqual({ loggedInAt: NOON, closings: [3, 0] });
    expect(await networks.recordOf(source, NOON + 60_000)).toEqual({ loggedInAt: NOON, closings: [1, 3] });
    expect(await networks.recordOf(source, NOON + 180_000)).toEqual({ loggedInAt: NOON, closings: [0, 0] });
    expect(await networks.recordOf("192.0.2.1", NOON)).toMatchObject({ closings: [0, 0] });
  },
);
