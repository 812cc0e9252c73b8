/** How the service is doing, for everybody to see: nothing in it tells of a tenant. Times in Unix ms. */
export interface Status {
  readonly state: ServiceState;
  readonly checkedAt: number;
  /** Share of the canary's wake-ups of the last 24 h that arrived, 0 to 1; undefined if there were none. */
  readonly availability: number | undefined;
  /** The last 24 h in equal slots, oldest first. */
  readonly slots: readonly Slot[];
}

/** `down`: the canary's pushes do not arrive. `degraded`: something that users notice is wrong. */
export type ServiceState = "up" | "degraded" | "down";

export interface Slot {
  readonly from: number;
  /** As `Status.availability`. */
  readonly availability: number | undefined;
}

/** Canary runs from `at` on, for the length of a slot. */
export interface Runs {
  readonly at: number;
  readonly arrived: number;
  readonly all: number;
}

/** Length of a slot in ms, and how many there are. */
export const SLOT = 1_800_000; // 30 minutes
export const SLOTS = 48;

/** Start of the oldest slot: slots begin at full half hours, and the last one is the one we are in. */
export const historyFrom = (now: number): number => (Math.floor(now / SLOT) - SLOTS + 1) * SLOT;

export function statusOf(
  ringing: { readonly down: boolean; readonly degraded: boolean },
  history: readonly Runs[],
  now: number,
): Status {
  const from = historyFrom(now);
  const seen = history.filter(({ at }) => at >= from);
  const slots = Array.from({ length: SLOTS }, (_, index): Slot => {
    const start = from + index * SLOT;
    return { from: start, availability: share(seen.filter(({ at }) => at >= start && at < start + SLOT)) };
  });
  const state = ringing.down ? "down" : ringing.degraded ? "degraded" : "up";
  return { state, checkedAt: now, availability: share(seen), slots };
}

function share(runs: readonly Runs[]): number | undefined {
  const all = runs.reduce((sum, run) => sum + run.all, 0);
  return all === 0 ? undefined : runs.reduce((sum, run) => sum + run.arrived, 0) / all;
}
