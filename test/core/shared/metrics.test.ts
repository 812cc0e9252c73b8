import { expect, it } from "vitest";
import { metrics, type MetricName } from "../../../lambdas/core/shared/metrics.ts";

/** CloudWatch accepts any unit, and a wrong one would split a metric in two. All other metrics are counts. */
const UNITS: Partial<Record<MetricName, string>> = {
  PostLatency: "Milliseconds",
  PublishLatency: "Milliseconds",
  CanaryLatency: "Milliseconds",
  CredentialDaysLeft: "None",
  CredentialAge: "None",
};

it.each(Object.entries(metrics))("%s is measured in %s", (name, unit) =>
  expect(unit).toBe(UNITS[name as MetricName] ?? "Count"),
);
