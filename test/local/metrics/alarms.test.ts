import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { createMetricStore, type MetricId, type MetricStore } from "../../../local/metrics/store.ts";
import { isOn } from "../../../local/metrics/alarms.ts";
import { getJson } from "../../support/process/host.ts";
import { synthesize } from "../../lib/synthesize.ts";

/** The alarms as deployed, over metrics made up here: of a stage without apps, and of one with three. */
let bare: LocalHost;
let withApps: LocalHost;
beforeAll(async () => {
  bare = await startLocalHost({ port: 0, assembly: synthesize("minimal").directory });
});
beforeAll(async () => {
  withApps = await startLocalHost({ port: 0 });
});
afterAll(() => bare.stop());
afterAll(() => withApps.stop());

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 23, 12);
const stageOf = (host: LocalHost) => (host === bare ? "minimal" : "local");

/** A store without trouble: the canary's push arrives at least every five minutes, and the hourly credential check finds nothing. */
function alarmsOn(
  host: LocalHost,
  fill: (record: Recording, store: MetricStore) => void,
  well: Well = {},
): readonly string[] {
  const store = createMetricStore(() => NOON);
  const record: Recording = (name, value, minutesAgo, dimensions = {}) =>
    store.record(
      { namespace: "PushService", name, dimensions: { stage: stageOf(host), ...dimensions } },
      value,
      NOON - minutesAgo * MINUTE,
    );
  if (well.canary !== false) for (let ago = 1; ago < 60; ago += 1) record("Canary", 1, ago);
  if (well.watch !== false) for (let ago = 55; ago < 4 * 60; ago += 60) record("CredentialInvalid", 0, ago);
  fill(record, store);
  const { alarms } = host.metrics;
  return alarms.filter((alarm) => isOn(store, alarm, alarms)).map(({ name }) => name.replace(/^push-[a-z]+-/u, ""));
}
type Recording = (name: string, value: number, minutesAgo: number, dimensions?: Record<string, string>) => void;
/** Records what is wrong. */
interface Well {
  readonly canary?: false;
  readonly watch?: false;
}

/** The AWS metric of that name that an alarm watches. */
function fromAws(host: LocalHost, wanted: string, dimension = ""): MetricId {
  const used = host.metrics.alarms.flatMap((alarm) => ("anyOf" in alarm ? [] : alarm.queries));
  const found = used.find(
    (query) =>
      "metric" in query && query.metric.name === wanted && JSON.stringify(query.metric.dimensions).includes(dimension),
  );
  if (found === undefined || !("metric" in found)) throw new Error(`no alarm on ${wanted}`);
  return found.metric;
}

describe("a stage without any app", () => {
  test("is up, as its canary succeeds", async () => {
    await bare.runSchedules();
    expect(await getJson(`${bare.url}/push/status.json`)).toMatchObject({
      state: "up",
      components: { pushes: { state: "up", last24Hours: { availability: 1 } } },
    });
  });
});

describe.each([
  ["without apps", () => bare],
  ["with apps", () => withApps],
])("a stage %s", (_, host) => {
  test("fires no alarm on a quiet night", () => {
    expect(alarmsOn(host(), () => undefined)).toEqual([]);
  });

  test.each([
    ["pages-throttled", "PagesThrottled"],
    ["throttled", "ClientError"],
  ])("%s: fires at 10 requests that API Gateway throttles, not at 9", (alarm, metric) => {
    const throttle = (times: number) =>
      alarmsOn(host(), (_record, store) => {
        for (let count = 0; count < times; count += 1) store.record(fromAws(host(), metric), 1, NOON - MINUTE);
      });
    expect(throttle(9)).toEqual([]);
    expect(throttle(10)).toEqual([alarm]);
  });

  test("fires an alarm when a table's index throttles, until DynamoDB reports no more", () => {
    const throttle = (ago: number) =>
      alarmsOn(host(), (_record, store) => {
        for (let count = 0; count < 10; count += 1)
          store.record(fromAws(host(), "WriteThrottleEvents", "byKind"), 1, NOON - ago * MINUTE);
      });
    expect(throttle(1)).toEqual(["tables-throttled-core"]);
    expect(throttle(6)).toEqual([]);
  });

  test("fires an alarm when one minute reaches 80 % of a quota per second", () => {
    const connects = (each: number) =>
      alarmsOn(host(), (_record, store) => {
        for (let count = 0; count < each; count += 1) store.record(fromAws(host(), "ConnectCount"), 60, NOON - MINUTE);
      });
    expect(connects(399)).toEqual([]); // of 500
    expect(connects(400)).toEqual(["connects-near-limit"]);
  });
});

describe("credentials", () => {
  test.each([
    [31, []],
    [30, []],
    [20, ["credential-expires"]],
    [-1, ["credential-expires"]],
  ])("with %i days left, beside one with a year, both checked 55 minutes ago", (days, expected) => {
    const names = alarmsOn(bare, (record) => {
      record("CredentialDaysLeft", 365, 55);
      record("CredentialDaysLeft", days, 55);
    });
    expect(names).toEqual(expected);
  });

  test.each([
    ["one failed check", [55], []],
    ["two failed checks", [55, 115], ["credential-invalid"]],
    ["a failed check followed by a good one", [115], []],
  ])("%s", (_, bad, expected) => {
    const names = alarmsOn(bare, (record) => {
      for (const ago of bad) record("CredentialInvalid", 1, ago);
    });
    expect(names).toEqual(expected);
  });

  test("without a check for three hours fire an alarm", () => {
    expect(alarmsOn(bare, () => undefined, { watch: false })).toEqual(["watch-silent"]);
  });
});

describe("the canary", () => {
  /** Runs of the last minutes, newest first: true for one that arrived. */
  const runs = (...arrived: readonly boolean[]) =>
    alarmsOn(
      bare,
      (record) => {
        arrived.forEach((ok, index) => record("Canary", ok ? 1 : 0, index + 1));
        for (let ago = arrived.length + 1; ago < 20; ago += 1) record("Canary", 1, ago);
      },
      { canary: false },
    );

  test.each([
    [[false, true, true, true, true], []],
    [[false, true, true, false, true], []],
    [
      [false, false, false, true, true],
      ["pushes-not-going-through", "canary"],
    ],
    [
      [false, false, true, false, false],
      ["pushes-not-going-through", "canary"],
    ],
  ])("whose last runs were %j", (arrived, expected) => {
    expect(runs(...arrived).toSorted()).toEqual(expected.toSorted());
  });

  test("fires its alarms when it is silent", () => {
    expect(alarmsOn(bare, () => undefined, { canary: false }).toSorted()).toEqual([
      "canary",
      "pushes-not-going-through",
    ]);
  });
});

describe("shares of posts", () => {
  const platform = { platform: "APNS" };
  /** That many posts in each of the last two five-minute periods, all of which go wrong. */
  const wrong = (posts: number, what: (record: Recording, ago: number) => void) =>
    alarmsOn(withApps, (record) => {
      for (const ago of [1, 6]) for (let count = 0; count < posts; count += 1) what(record, ago);
    });
  const failing: Parameters<typeof wrong>[1] = (record, ago) => record("PostTrouble", 1, ago, platform);
  const late: Parameters<typeof wrong>[1] = (record, ago) => {
    record("PostTrouble", 0, ago, platform);
    record("PostLatency", 2_500, ago, platform);
  };
  const givenUp: Parameters<typeof wrong>[1] = (record, ago) => {
    record("PostTrouble", 0, ago, platform);
    record("DeliveryTrouble", 1, ago, platform);
  };

  test.each([
    ["fail", failing, ["posts-fail-APNS", "pushes-not-going-through"]],
    ["are late", late, ["posts-late-APNS"]],
    ["are given up after they were accepted", givenUp, ["deliveries-fail-APNS", "pushes-not-going-through"]],
  ] as const)("that %s fire no alarm at 19 posts, and fire at 20", (_, what, expected) => {
    expect(wrong(19, what)).toEqual([]);
    expect(wrong(20, what).toSorted()).toEqual(expected);
  });

  test("that fail in one five-minute period fire no alarm", () => {
    const once = alarmsOn(withApps, (record) => {
      for (let count = 0; count < 40; count += 1) failing(record, 1);
    });
    expect(once).toEqual([]);
  });
});
