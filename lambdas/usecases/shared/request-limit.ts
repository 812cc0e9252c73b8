import { requestAllowances, windowEnd, type Allowance, type Limits } from "../../core/shared/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Counters } from "../../ports/counters.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface RequestLimitPorts {
  readonly counters: Counters;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly limits: Limits;
}

/** This source has asked too often. */
export interface Limited {
  /** When it may ask again, in s from now. */
  readonly limitedFor: number;
}

/** Counts a source's request, also against `more`, all or none; undefined: it may proceed. Throws DependencyError. */
export async function countRequest(
  { counters, clock, telemetry, limits }: RequestLimitPorts,
  source: string,
  more: readonly Allowance[] = [],
): Promise<Limited | undefined> {
  const now = clock.now();
  const { exceeded } = await counters.take([...requestAllowances(limits, source), ...more], now);
  if (exceeded === undefined) return undefined;
  telemetry.metric("Limited", 1, { outcome: exceeded.name });
  return { limitedFor: Math.ceil((windowEnd(exceeded, now) - now) / 1_000) };
}
