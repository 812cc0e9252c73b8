import {
  historyFrom,
  statusOf,
  type Component,
  type ComponentAlarms,
  type History,
  type ServiceState,
  type Status,
} from "../../core/monitoring/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Health } from "../../ports/monitoring.ts";

export interface StatusPorts {
  readonly health: Health;
  readonly clock: Clock;
  readonly alarms: ComponentAlarms;
}

/** An execution environment reads the alarms at most once in this time, in ms: many readers cost no more than one. */
const STATUS_LIFE_MS = 30_000; // 30 seconds
/** The same for the last 24 hours, in ms: each read is charged for every metric, and a slot is half an hour. */
const HISTORY_LIFE_MS = 300_000; // 5 minutes

/** The status, at most 30 s old; concurrent readers share one read. Throws DependencyError. */
export function serviceStatus({ health, clock, alarms }: StatusPorts): () => Promise<Status> {
  const names = [...new Set(Object.values(alarms).flatMap(({ down, degraded }) => [...down, ...degraded]))];
  const history = remembered<History>(clock, HISTORY_LIFE_MS, (now) => health.history(historyFrom(now), now));

  return remembered(clock, STATUS_LIFE_MS, async (now) => {
    const [ringing, known] = await Promise.all([health.inAlarm(names), history()]);
    const any = (of: readonly string[]) => of.some((name) => ringing.has(name));
    const stateOf = (component: Component): ServiceState => {
      const { down, degraded } = alarms[component];
      return any(down) ? "down" : any(degraded) ? "degraded" : "up";
    };
    return statusOf(stateOf, known, now);
  });
}

/** Reads again after `life` ms, or if the last read failed. */
function remembered<T>(clock: Clock, life: number, look: (now: number) => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly found: Promise<T> } | undefined;
  return async () => {
    const now = clock.now();
    if (last !== undefined && now - last.at < life) return last.found;
    const asked = { at: now, found: look(now) };
    last = asked;
    try {
      return await asked.found;
    } catch (error) {
      if (last === asked) last = undefined; // the next reader tries again
      throw error;
    }
  };
}
