import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoWebSessions } from "../../../../lambdas/adapters/aws/web/web-sessions.ts";
import { hashToken } from "../../../../lambdas/core/shared/token.ts";
import type { WebSessions } from "../../../../lambdas/ports/web.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { memoryVisits } from "../../../support/memory/memory-web-sessions.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const visitor = { account: "pbx.example.com", emailKey: "owner@example.com", language: "de" } as const;
const lock = { id: "request", codeHash: "hash", source: "192.0.2.1" };
const MOST = 5;
let number = 0;
const name = () => hashToken(String((number += 1)));

let dynamo: TestDynamo | undefined;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(async () => dynamo?.stop());

const overDynamo = (): WebSessions => {
  if (dynamo === undefined) throw new Error("not started");
  return dynamoWebSessions(dynamo.clients.sdk, dynamo.tables.sessions);
};

describe.each([
  ["in memory", memoryVisits],
  ["in DynamoDB", overDynamo],
] as const)("visits %s", (_, make) => {
  const linked = async () => {
    const visits = make();
    const link = name();
    await visits.add(link, { visitor, lock }, NOW + HOUR);
    return { visits, link };
  };

  it("return a link's visitor, however often it is viewed", async () => {
    const { visits, link } = await linked();
    for (let look = 0; look < 2; look += 1)
      expect(await visits.findLink(link, NOW)).toEqual({ visitor, lock, wrongCodes: 0 });
    expect(await visits.findLink(name(), NOW)).toBeUndefined();
  });

  it.each(["object", "confirm"] as const)("keep a link's purpose in the sessions that it opens: %s", async (scope) => {
    const visits = make();
    const link = name();
    const scoped = { ...visitor, scope };
    await visits.add(link, { visitor: scoped }, NOW + HOUR);
    expect(await visits.findLink(link, NOW)).toEqual({ visitor: scoped, wrongCodes: 0 });
    for (const session of [name(), name()]) {
      expect(await visits.exchange(link, session, NOW, NOW + HOUR, MOST)).toEqual(scoped);
      expect(await visits.find(session, NOW)).toEqual({ visitor: scoped, until: NOW + HOUR });
    }
  });

  it("exchange a link once", async () => {
    const { visits, link } = await linked();
    const [first, second] = [name(), name()];
    expect(await visits.exchange(link, first, NOW, NOW + HOUR, MOST)).toEqual(visitor);
    expect(await visits.exchange(link, second, NOW, NOW + HOUR, MOST)).toBeUndefined();
    expect(await visits.findLink(link, NOW)).toBeUndefined();
    expect(await visits.find(first, NOW)).toEqual({ visitor, until: NOW + HOUR });
    expect(await visits.find(second, NOW)).toBeUndefined();
  });

  it("count wrong codes, after which a link opens nothing", async () => {
    const { visits, link } = await linked();
    for (let count = 1; count <= MOST; count += 1) expect(await visits.countWrongCode(link)).toBe(count);
    expect(await visits.findLink(link, NOW)).toEqual({ visitor, lock, wrongCodes: MOST });
    const session = name();
    expect(await visits.exchange(link, session, NOW, NOW + HOUR, MOST)).toBeUndefined();
    expect(await visits.find(session, NOW)).toBeUndefined();
    expect(await visits.countWrongCode(name())).toBe(Number.POSITIVE_INFINITY);
  });

  it("let only one of 50 simultaneous requests in", async () => {
    const { visits, link } = await linked();
    const sessions = Array.from({ length: 50 }, name);
    const entered = await Promise.all(sessions.map((session) => visits.exchange(link, session, NOW, NOW + HOUR, MOST)));
    const open = await Promise.all(sessions.map((session) => visits.find(session, NOW)));
    expect(entered.filter((each) => each !== undefined)).toEqual([visitor]);
    expect(open.filter((each) => each !== undefined)).toHaveLength(1);
  });

  it("ignore expired rows that still exist", async () => {
    const { visits, link } = await linked();
    expect(await visits.findLink(link, NOW + HOUR)).toBeUndefined();
    expect(await visits.exchange(link, name(), NOW + HOUR, NOW + 2 * HOUR, MOST)).toBeUndefined();
    const session = name();
    await visits.exchange(link, session, NOW, NOW + 1, MOST);
    expect(await visits.find(session, NOW + 1)).toBeUndefined();
  });

  it("end", async () => {
    const { visits, link } = await linked();
    const session = name();
    await visits.exchange(link, session, NOW, NOW + HOUR, MOST);
    await visits.end(session);
    await visits.end(session);
    expect(await visits.find(session, NOW)).toBeUndefined();
  });

  it("keep links and sessions separate", async () => {
    const { visits, link } = await linked();
    expect(await visits.find(link, NOW)).toBeUndefined();
  });
});
