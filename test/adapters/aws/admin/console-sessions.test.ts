import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoConsoleSessions } from "../../../../lambdas/adapters/aws/admin/console-sessions.ts";
import type { ConsoleSessions } from "../../../../lambdas/ports/admin.ts";
import { startDynamo, type TestDynamo } from "../../../support/aws/dynamo.ts";
import { memoryConsoleSessions } from "../../../support/memory/memory-console.ts";
import { holdTimeLimits } from "../../../support/values/time-limits.ts";

holdTimeLimits();
const NOW = Date.UTC(2026, 10, 23, 12);
const attempt = { state: "s", nonce: "n", verifier: "v" };
const person = { name: "Anna", subject: "anna-1", role: "support" } as const;

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

describe.each([
  ["memory", memoryConsoleSessions],
  ["DynamoDB", (): ConsoleSessions => dynamoConsoleSessions(dynamo.clients.sdk, dynamo.tables.sessions)],
])("sign-ins and sessions of the console in %s", (_name, create) => {
  it("return an attempt once, until it expires", async () => {
    const sessions = create();
    const [one, late] = [randomUUID(), randomUUID()];
    await sessions.addAttempt(one, attempt, NOW + 10);
    const taken = await Promise.all([1, 2, 3].map(() => sessions.takeAttempt(one, NOW)));
    expect(taken.filter((each) => each !== undefined)).toEqual([attempt]);
    await sessions.addAttempt(late, attempt, NOW + 10);
    expect(await sessions.takeAttempt(late, NOW + 10)).toBeUndefined();
    expect(await sessions.takeAttempt(late, NOW)).toBeUndefined();
  });

  it("keep a session until it ends or expires", async () => {
    const sessions = create();
    const [short, ended] = [randomUUID(), randomUUID()];
    await sessions.add(short, { person, until: NOW + 10 });
    expect(await sessions.find(short, NOW + 9)).toEqual({ person, until: NOW + 10 });
    expect(await sessions.find(short, NOW + 10)).toBeUndefined();
    await sessions.add(ended, { person, until: NOW + 10, idToken: "ey" });
    expect(await sessions.end(ended, NOW)).toEqual({ person, until: NOW + 10, idToken: "ey" });
    expect([await sessions.find(ended, NOW), await sessions.end(ended, NOW)]).toEqual([undefined, undefined]);
  });
});
