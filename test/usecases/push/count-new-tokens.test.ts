import { expect, it } from "vitest";
import { countNewTokens } from "../../../lambdas/usecases/push/count-new-tokens.ts";
import { failing } from "../../support/memory/failing.ts";
import { memoryPushStore } from "../../support/memory/memory-push.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { NOON, virtualClock } from "../../support/values/clock.ts";

const HOUR = 3_600_000;
const DOMAIN = "pbx.example.com";
const LIMITS = { newTokensPerDomainInFirstHour: 2_000, newTokensPerDomainPerHour: 100 };
const ENVIRONMENTS = 10;

function environments() {
  const clock = virtualClock();
  const store = failing(memoryPushStore(clock).newTokens, clock);
  const telemetry = rememberingTelemetry();
  return { clock, store, telemetry, start: () => countNewTokens(store, LIMITS, telemetry) };
}

it("the limit holds for all execution environments together, except for one token each", async () => {
  const { clock, start } = environments();
  const counts = Array.from({ length: ENVIRONMENTS }, start);
  let made = 0;
  const fill = async (now: number) => {
    const before = made;
    for (let turn = 0; counts.some((count) => count.mayMake(DOMAIN, now)); turn += 1) {
      const count = counts[turn % ENVIRONMENTS];
      if (!count?.mayMake(DOMAIN, now)) continue;
      made += 1;
      await clock.run(count.made(DOMAIN, `token ${String(made)}`, now, 1_000));
    }
    return made - before;
  };
  const first = await fill(NOON);
  expect(first).toBeGreaterThanOrEqual(2_000);
  expect(first).toBeLessThan(2_000 + ENVIRONMENTS);
  const second = await fill(NOON + HOUR);
  expect(second).toBeGreaterThanOrEqual(333);
  expect(second).toBeLessThan(333 + 2 * ENVIRONMENTS);
  expect(start().mayMake(DOMAIN, NOON + HOUR)).toBe(true); // a new environment learns the count with its first token
});

it("counts a token once in an hour, however often its endpoint is created", async () => {
  const { clock, store, start } = environments();
  const count = start();
  for (let time = 0; time < 10; time += 1) await clock.run(count.made(DOMAIN, "same", NOON + time, 1_000));
  await clock.run(count.made(DOMAIN, "same", NOON + HOUR - 1, 1_000));
  expect(store.calls).toHaveLength(1);
  await clock.run(count.made(DOMAIN, "same", NOON + HOUR, 1_000));
  expect(store.calls).toHaveLength(2);
});

it("keeps a domain's count for 24 hours after its last new token", async () => {
  const { clock, store, telemetry } = environments();
  const none = { newTokensPerDomainInFirstHour: 1, newTokensPerDomainPerHour: 0 };
  const count = countNewTokens(store, none, telemetry);
  await clock.run(count.made(DOMAIN, "token", NOON, 1_000));
  expect([24 * HOUR - 1, 24 * HOUR].map((later) => count.mayMake(DOMAIN, NOON + later))).toEqual([false, true]);
});

it("uses its own count while the table does not answer", async () => {
  const { clock, store, telemetry, start } = environments();
  const count = start();
  store.away("add", { from: 0, until: Infinity, fault: "throttled" });
  let made = 0;
  while (count.mayMake(DOMAIN, NOON)) await clock.run(count.made(DOMAIN, `token ${String((made += 1))}`, NOON, 1_000));
  expect(made).toBe(2_000);
  expect(telemetry.lines.filter((line) => line.includes("new token not counted"))).toHaveLength(2_000);
});
