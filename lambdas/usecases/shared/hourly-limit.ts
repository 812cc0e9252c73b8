import { HOUR_MS } from "../../core/shared/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Counters } from "../../ports/counters.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface HourlyLimitPorts {
  readonly counters: Counters;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Counts one against an hourly limit; false if it is used up. Throws DependencyError. */
export async function allowHourly(
  { counters, clock, telemetry }: HourlyLimitPorts,
  name: string,
  subject: string,
  most: number,
): Promise<boolean> {
  const { exceeded } = await counters.take([{ name, subject, most, window: HOUR_MS }], clock.now());
  if (exceeded !== undefined) telemetry.metric("Limited", 1, { outcome: exceeded.name });
  return exceeded === undefined;
}
