import { historyFrom, statusOf, type Status } from "../../core/monitoring/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Health } from "../../ports/monitoring.ts";

export interface StatusPorts {
  readonly health: Health;
  readonly clock: Clock;
  /** Names of the alarms that mean down, and of those that mean degraded. */
  readonly alarms: { readonly down: readonly string[]; readonly degraded: readonly string[] };
}

/** An execution environment asks again after this long, in ms: so many readers cost what one costs. */
export const STATUS_LIFE_MS = 30_000; // 30 seconds

/** The status as of the last 30 s; those who ask at once share one look. Throws DependencyError. */
export function serviceStatus({ health, clock, alarms }: StatusPorts): () => Promise<Status> {
  let last: { readonly at: number; readonly status: Promise<Status> } | undefined;

  async function look(now: number): Promise<Status> {
    const [ringing, history] = await Promise.all([
      health.inAlarm([...alarms.down, ...alarms.degraded]),
      health.history(historyFrom(now), now),
    ]);
    const any = (names: readonly string[]) => names.some((name) => ringing.has(name));
    return statusOf({ down: any(alarms.down), degraded: any(alarms.degraded) }, history, now);
  }

  return async () => {
    const now = clock.now();
    if (last !== undefined && now - last.at < STATUS_LIFE_MS) return last.status;
    const asked = { at: now, status: look(now) };
    last = asked;
    try {
      return await asked.status;
    } catch (error) {
      if (last === asked) last = undefined; // the next reader tries again
      throw error;
    }
  };
}
