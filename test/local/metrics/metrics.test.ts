import { describe, expect, test } from "vitest";
import { runInsights } from "../../../local/dashboard/insights.ts";
import { evaluateMath } from "../../../local/metrics/math.ts";
import { readEmf } from "../../../local/metrics/emf.ts";
import { createMetricStore, type Series } from "../../../local/metrics/store.ts";
import { run } from "../../../local/metrics/queries.ts";

const MINUTE = 60_000;
const a: Series = new Map([
  [0, 1],
  [MINUTE, 2],
]);
const b: Series = new Map([[MINUTE, 10]]);
const math = (expression: string) =>
  evaluateMath(expression, {
    period: 60,
    times: [-MINUTE, 0],
    series: (id) => (id === "a" ? a : b),
    search: () => [
      { name: "x", series: a },
      { name: "y", series: b },
    ],
  });

describe("metric math", () => {
  test.each([
    [
      "100 * (1 - a)",
      [
        [0, 0],
        [MINUTE, -100],
      ],
    ],
    ["a + b", [[MINUTE, 12]]],
    [
      "SUM([a, b])",
      [
        [0, 1],
        [MINUTE, 12],
      ],
    ],
    [
      "MAX([a / 0.5, b / 10]) * 100",
      [
        [0, 200],
        [MINUTE, 400],
      ],
    ],
    [
      "IF(a >= 2, 5, 0)",
      [
        [0, 0],
        [MINUTE, 5],
      ],
    ],
    [
      "a / PERIOD(a)",
      [
        [0, 1 / 60],
        [MINUTE, 2 / 60],
      ],
    ],
    [
      "FILL(b, 0)",
      [
        [-MINUTE, 0],
        [0, 0],
        [MINUTE, 10],
      ],
    ],
    [
      "-a",
      [
        [0, -1],
        [MINUTE, -2],
      ],
    ],
  ])("%s", (expression, points) => {
    expect(math(expression).map(({ series }) => [...series])).toEqual([points]);
  });

  test("a search has a line for each series", () => {
    expect(math("SEARCH('{N,d} MetricName=\"m\"', 'Sum', 60)").map(({ name }) => name)).toEqual(["x", "y"]);
  });

  test.each(["ANOMALY_DETECTION_BAND(a)", "a && b", "5", "FILL(a, REPEAT)"])(
    "throws for the unsupported %s",
    (expression) => {
      expect(() => math(expression)).toThrow();
    },
  );
});

describe("the store", () => {
  const metric = { namespace: "N", name: "m", dimensions: { d: "v" } };
  const filled = () => {
    const store = createMetricStore(() => 0);
    for (const [value, at] of [
      [1, 0],
      [5, 10],
      [3, MINUTE],
    ] as const)
      store.record(metric, value, at);
    return store;
  };
  const window = { from: 0, to: 2 * MINUTE, period: MINUTE };

  test.each([
    ["Sum", [6, 3]],
    ["Average", [3, 3]],
    ["Minimum", [1, 3]],
    ["Maximum", [5, 3]],
    ["SampleCount", [2, 1]],
    ["p50", [1, 3]],
    ["p99", [5, 3]],
  ])("computes %s by period", (statistic, values) => {
    expect([...filled().series(metric, statistic, window).values()]).toEqual(values);
  });

  test("refuses a statistic it does not compute", () => {
    expect(() => filled().series(metric, "IQM", window)).toThrow("IQM");
  });

  test("finds series by namespace and dimensions, and names them by value", () => {
    const store = filled();
    const search = (expression: string) =>
      run(store, { id: "s", expression: `SEARCH('${expression}', 'Sum', 60)` }, [], window);
    expect(search('{N,d} MetricName="m"').map(({ name }) => name)).toEqual(["v"]);
    expect(search('{N,d} MetricName="other"')).toEqual([]);
    expect(search('{N} MetricName="m"')).toEqual([]);
  });

  test("moves its clock and new records forward", () => {
    const store = createMetricStore(() => 1_000_000);
    store.record(metric, 1, 1_000_000);
    store.pass(2 * MINUTE);
    store.record(metric, 1, 1_000_000);
    const series = store.series(metric, "Sum", { from: 0, to: 2_000_000, period: MINUTE });
    expect([...series.keys()]).toEqual([960_000, 1_080_000]);
    expect(store.now()).toBe(1_120_000);
  });

  test("fills completed periods, not the current one", () => {
    const store = createMetricStore(() => 0);
    store.record(metric, 1, MINUTE);
    const all = [{ id: "m", metric, statistic: "Sum" }];
    const fill = (to: number) => {
      const [line] = run(store, { id: "e", expression: "FILL(m, 0)" }, all, { from: 0, to, period: MINUTE });
      return [...(line?.series ?? [])];
    };
    expect(fill(3 * MINUTE + 1)).toEqual([
      [0, 0],
      [MINUTE, 1],
      [2 * MINUTE, 0],
    ]);
  });
});

describe("EMF", () => {
  const line = (members: object) =>
    JSON.stringify({
      _aws: { Timestamp: 5, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["d"]], Metrics: [{ Name: "m" }] }] },
      ...members,
    });

  test("is read with its dimensions", () => {
    expect(readEmf(line({ d: "v", m: 3 }))).toEqual([
      { metric: { namespace: "N", name: "m", dimensions: { d: "v" } }, value: 3, at: 5 },
    ]);
  });

  test.each([
    line({ m: 3 }),
    line({ d: "v" }),
    line({ d: "v", m: "3" }),
    '{"message":"_aws"}',
    "Error: _aws",
    '"_aws"',
  ])("is ignored where CloudWatch would ignore it: %s", (text) => {
    expect(readEmf(text)).toEqual([]);
  });
});

describe("Logs Insights", () => {
  const lines = [
    '{"m":"x","by":"a","n":1}',
    '{"m":"x","by":"b","n":2}',
    '{"m":"x","by":"b","n":3}',
    '{"m":"y","by":"a"}',
    "crash",
  ];

  test("filters, counts, sums, sorts and limits", () => {
    const query =
      "SOURCE 'l' | filter m = \"x\" | stats sum(n) as total, count(*) as rows, latest(n) as last by by | sort total desc | limit 1";
    expect(runInsights(query, lines)).toEqual([{ by: "b", total: 5, rows: 2, last: 3 }]);
  });

  test.each(["parse x", 'filter m like "x"', "stats pct(n, 99) as p by by"])(
    "throws for the unsupported %s",
    (query) => {
      expect(() => runInsights(query, lines)).toThrow("Logs Insights");
    },
  );
});
