import { expect, it } from "vitest";
import { allowHourly } from "../../../lambdas/usecases/shared/hourly-limit.ts";
import { countRequest } from "../../../lambdas/usecases/shared/request-limit.ts";
import { memoryStore } from "../../support/memory/memory-store.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock } from "../../support/values/time-and-chance.ts";
import { limits } from "../../support/values/values.ts";

const HOUR = 3_600_000;
/** 20 minutes into an hour. */
const AT = Date.UTC(2026, 10, 23, 12, 20);

const ports = () => ({
  clock: testClock(AT),
  counters: memoryStore().counters,
  telemetry: rememberingTelemetry(),
  limits: { ...limits, requestsPerSourcePerHour: 2 },
});

it("an hourly limit is separate for each subject, counts refusals, and ends with the hour", async () => {
  const all = ports();
  const asked = async (subject: string) => allowHourly(all, "proofs", subject, 2);
  expect([await asked("a"), await asked("a"), await asked("a"), await asked("b")]).toEqual([true, true, false, true]);
  expect(all.telemetry.counts).toEqual(new Map([["Limited proofs", 1]]));
  all.clock.advance(40 * 60_000 - 1);
  expect(await asked("a")).toBe(false);
  all.clock.advance(1);
  expect(await asked("a")).toBe(true);
});

it("requests of a source are counted by the hour, and one too many gets the seconds to wait", async () => {
  const all = ports();
  const taken: (string | undefined)[][] = [];
  const counters: typeof all.counters = {
    take(allowances, now) {
      taken.push(allowances.map(({ name }) => name));
      return all.counters.take(allowances, now);
    },
  };
  const asked = (source: string) => countRequest({ ...all, counters }, source);
  expect([await asked("192.0.2.1"), await asked("192.0.2.1")]).toEqual([undefined, undefined]);
  expect(all.telemetry.counts).toEqual(new Map());
  expect(await asked("192.0.2.1")).toEqual({ limitedFor: 2_400 });
  expect(all.telemetry.counts).toEqual(new Map([["Limited requests-source", 1]]));
  expect(await asked("192.0.2.2")).toBeUndefined();
  expect(taken).toEqual([["requests-source"], ["requests-source"], ["requests-source"], ["requests-source"]]);
  // Rounded up, as it would be refused again before that second is over.
  all.clock.advance(500);
  expect(await asked("192.0.2.1")).toEqual({ limitedFor: 2_400 });
});

it("a request counts against all its limits or none", async () => {
  const all = ports();
  const slot = { name: "slots-hour", subject: "a", most: 1, window: HOUR };
  expect(await countRequest(all, "192.0.2.1", [slot])).toBeUndefined();
  expect(await countRequest(all, "192.0.2.1", [slot])).toEqual({ limitedFor: 2_400 });
  expect(all.telemetry.counts).toEqual(new Map([["Limited slots-hour", 1]]));
  // The one that was refused has not used the source's second request up.
  expect(await countRequest(all, "192.0.2.1")).toBeUndefined();
});
