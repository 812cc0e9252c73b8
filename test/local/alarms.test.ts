import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { createMetricStore, type MetricId, type MetricStore } from "../../local/metrics/store.ts";
import { rings } from "../../local/metrics/alarms.ts";
import { getJson } from "../support/host.ts";
import { synthesize } from "../lib/synthesize.ts";

/** The alarms as they are deployed, over metrics made up here. */
let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, assembly: synthesize("minimal").directory });
});
afterAll(() => host.stop());

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 23, 12);
const own = (name: string, dimensions: Record<string, string> = {}): MetricId => ({
  namespace: "PushService",
  name,
  dimensions: { stage: "minimal", ...dimensions },
});

function ringing(fill: (store: MetricStore) => void): readonly string[] {
  const store = createMetricStore(1, () => NOON);
  // A canary that arrives every minute.
  for (let ago = 0; ago < 60; ago += 1) store.record(own("Canary"), 1, NOON - ago * MINUTE);
  fill(store);
  const { alarms } = host.metrics;
  return alarms.filter((alarm) => rings(store, alarm, alarms)).map(({ name }) => name.replace("push-minimal-", ""));
}

const socket = (): MetricId => {
  const used = host.metrics.alarms.flatMap((alarm) => ("anyOf" in alarm ? [] : alarm.queries));
  const found = used.find((query) => "metric" in query && query.metric.name === "ClientError");
  if (found === undefined || !("metric" in found)) throw new Error("no alarm on ClientError");
  return found.metric;
};

describe("a stage without any app", () => {
  test("has a canary that works: the status is up", async () => {
    await host.runSchedules();
    expect(await getJson(`${host.url}/push/status.json`)).toMatchObject({
      state: "up",
      last24Hours: { availability: 1 },
    });
  });
});

describe("alarms", () => {
  test("a quiet night rings none", () => {
    expect(ringing(() => undefined)).toEqual([]);
  });

  test("API Gateway's own throttles ring, a scanner's handful does not", () => {
    const throttle = (times: number) =>
      ringing((store) => Array.from({ length: times }, () => store.record(socket(), 1, NOON - MINUTE)));
    expect(throttle(9)).toEqual([]);
    expect(throttle(10)).toEqual(["throttled"]);
  });

  test.each([
    [31, []],
    [30, []],
    [20, ["credential-expires"]],
    [-1, ["credential-expires"]],
  ])("a credential with %i days left, beside one with a year", (days, expected) => {
    const names = ringing((store) => {
      store.record(own("CredentialDaysLeft"), 365, NOON - MINUTE);
      store.record(own("CredentialDaysLeft"), days, NOON - MINUTE);
    });
    expect(names).toEqual(expected);
  });

  test("a canary that fails rings, and so does one that is silent", () => {
    const since = (minutes: number) => (store: MetricStore) => {
      for (let ago = 0; ago < minutes; ago += 1) store.record(own("Canary"), 0, NOON - ago * MINUTE);
    };
    const failing = createMetricStore(1, () => NOON);
    since(3)(failing);
    const silent = createMetricStore(1, () => NOON);
    const { alarms } = host.metrics;
    for (const store of [failing, silent]) {
      const names = alarms.filter((alarm) => rings(store, alarm, alarms)).map(({ name }) => name);
      expect(names.sort()).toEqual(["push-minimal-canary", "push-minimal-pushes-not-going-through"]);
    }
  });
});
