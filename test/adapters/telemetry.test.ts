import { beforeEach, describe, expect, it } from "vitest";
import { createReporter } from "../../lambdas/adapters/telemetry.ts";
import type { Reporter } from "../../lambdas/ports/telemetry.ts";
import { NOON } from "../support/values/clock.ts";
import { testClock } from "../support/values/time-and-chance.ts";

interface Emf {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

let lines: string[];
let reporter: Reporter;
beforeEach(() => {
  lines = [];
  reporter = createReporter({ stage: "dev", function: "push" }, testClock(NOON), (line) => lines.push(line));
});

/** Data points as CloudWatch extracts them from the lines: name, value, unit and dimensions. */
function points() {
  return lines.flatMap((line) => {
    const document = JSON.parse(line) as Emf;
    return document._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
      Metrics.map(({ Name, Unit }) => ({
        point: `${Name} ${String(document[Name])} ${Unit}`,
        of: Object.fromEntries((Dimensions[0] ?? []).map((name) => [name, document[name]])),
      })),
    );
  });
}

it("logs one JSON line with function and time, and the context of the last begin", () => {
  reporter.log("info", "started");
  reporter.begin({ requestId: "r1" });
  reporter.log("warn", "post answered", { ms: 5, app: undefined });
  reporter.begin({});
  reporter.log("error", 'quoted " and\nbroken');
  const constant = { time: NOON, stage: "dev", function: "push" };
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: "info", message: "started", ...constant },
    { level: "warn", message: "post answered", ...constant, requestId: "r1", ms: 5 },
    { level: "error", message: 'quoted " and\nbroken', ...constant },
  ]);
  expect(lines.join("")).not.toContain("\n");
});

it.each([
  ["bob.private+tag@mail.example.org", "…@mail.example.org"],
  ["bob.private@mail.example.org/master", "…@mail.example.org/master"],
  ['"bob private"@mail.example.org', "…@mail.example.org"],
  [
    "Email address is not verified: Bob <bob.private@mail.example.org>, x",
    "Email address is not verified: Bob <…@mail.example.org>, x",
  ],
  ["bob.private@bücher.example", "…@bücher.example"],
  ["x\nbob.private@mail.example.org", "x\n…@mail.example.org"],
  ["x\u0001bob.private@mail.example.org", "…@mail.example.org"],
  ["pbx.example.com/master", "pbx.example.com/master"],
])("logs no email address entered in place of an account: %s", (account, logged) => {
  reporter.begin({ account });
  reporter.log("warn", "login refused", { account, error: account });
  const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
  expect(line).toMatchObject({ account: logged, error: logged });
  expect(lines[0]).not.toMatch(/bob|private/u);
});

describe("metrics", () => {
  it("are written at the flush, once", () => {
    reporter.metric("Connection", 1, { outcome: "opened" });
    expect(lines).toEqual([]);
    reporter.flush();
    reporter.flush();
    expect(points()).toEqual([{ point: "Connection 1 Count", of: { stage: "dev", outcome: "opened" } }]);
    const { _aws } = JSON.parse(lines[0] ?? "") as Emf;
    expect([_aws.Timestamp, _aws.CloudWatchMetrics[0]?.Namespace]).toEqual([NOON, "PushService"]);
  });

  it("of one post share a line, each with only its own dimensions", () => {
    reporter.metric("PublishLatency", 31, { platform: "GCM" });
    reporter.metric("Post", 1, { platform: "GCM", outcome: "accepted" });
    reporter.metric("PostLatency", 45, { platform: "GCM" });
    reporter.flush();
    expect(lines).toHaveLength(1);
    expect(points()).toEqual([
      { point: "PublishLatency 31 Milliseconds", of: { stage: "dev", platform: "GCM" } },
      { point: "Post 1 Count", of: { stage: "dev", platform: "GCM", outcome: "accepted" } },
      { point: "PostLatency 45 Milliseconds", of: { stage: "dev", platform: "GCM" } },
    ]);
  });

  it("lose no value with a repeated name or conflicting dimensions", () => {
    reporter.metric("PublishLatency", 1_400, { platform: "APNS" });
    reporter.metric("PublishLatency", 20, { platform: "APNS" });
    reporter.metric("Endpoint", 1, { platform: "APNS", outcome: "enabled" });
    reporter.metric("Post", 1, { platform: "APNS", outcome: "accepted" });
    reporter.metric("Post", 1, { platform: "GCM", outcome: "accepted" });
    reporter.metric("BreakerOpen", 1);
    reporter.flush();
    expect(
      points()
        .map(({ point, of }) => [point, ...Object.values(of)].join(" "))
        .sort(),
    ).toEqual([
      "BreakerOpen 1 Count dev",
      "Endpoint 1 Count dev APNS enabled",
      "Post 1 Count dev APNS accepted",
      "Post 1 Count dev GCM accepted",
      "PublishLatency 1400 Milliseconds dev APNS",
      "PublishLatency 20 Milliseconds dev APNS",
    ]);
  });
});
