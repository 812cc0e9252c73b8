import { describe, expect, it } from "vitest";
import { bySource, DAY_MS, HOUR_MS, requestAllowances, windowEnd } from "../../../lambdas/core/shared/limits.ts";
import { limits } from "../../support/values/values.ts";

const HOUR = 3_600_000;

describe("a limit by source", () => {
  const one = { name: "n", subject: "s", most: 2, window: HOUR };
  it("counts each IPv4 address separately", () =>
    expect(bySource(one, "192.0.2.1")).toEqual([{ ...one, subject: "s from 192.0.2.1" }]));
  it("counts IPv6 by /64, and by /48 with three times the limit", () =>
    expect(bySource(one, "2001:db8:1:2::5")).toEqual([
      { ...one, subject: "s from 2001:db8:1:2" },
      { ...one, name: "n-network", subject: "s from 2001:db8:1", most: 6 },
    ]));
  it("of requests covers one hour", () =>
    expect(requestAllowances({ ...limits, requestsPerSourcePerHour: 40 }, "192.0.2.1")).toEqual([
      { name: "requests-source", subject: "requests from 192.0.2.1", most: 40, window: HOUR },
    ]));
  it("counts by hour or by day", () => expect([HOUR_MS, DAY_MS]).toEqual([HOUR, 24 * HOUR]));
  it.each([
    [0, HOUR],
    [HOUR - 1, HOUR],
    [HOUR, 2 * HOUR],
  ])("at %d ends at %d", (now, end) => expect(windowEnd(one, now)).toBe(end));
});
