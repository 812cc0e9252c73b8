/** How the service is doing, for everybody to see: nothing in it is about a tenant. Times in Unix ms. */
export interface Status {
  readonly state: ServiceState;
  readonly checkedAt: number;
  /** Share of wake-ups of the last 24 h that went through, 0 to 1: the canary's, or all, whichever is lower; undefined if there were none. */
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

/** Wake-ups from `at` on, for the length of a slot: the canary's, or those of all PBXes for one platform. */
export interface Runs {
  readonly at: number;
  /** Arrived; of PBXes: did not fail through us, AWS or a vendor. */
  readonly arrived: number;
  readonly all: number;
}

/** What is known of the last 24 h. */
export interface History {
  readonly canary: readonly Runs[];
  readonly posts: readonly Runs[];
}

/** Fewer posts than this in a slot are not shown: they prove little, and their number is nobody's business. */
const ENOUGH_POSTS = 20;

/** Length of a slot in ms, and how many there are. */
export const SLOT_MS = 1_800_000; // 30 minutes
export const SLOTS = 48;

/** Start of the oldest slot: slots begin at full half hours, and the last one is the one we are in. */
export const historyFrom = (now: number): number => (Math.floor(now / SLOT_MS) - SLOTS + 1) * SLOT_MS;

export function statusOf(
  ringing: { readonly down: boolean; readonly degraded: boolean },
  history: History,
  now: number,
): Status {
  const from = historyFrom(now);
  const between = (start: number, end: number): number | undefined => {
    const within = ({ at }: Runs) => at >= start && at < end;
    return lower(share(history.canary.filter(within)), share(history.posts.filter(within), ENOUGH_POSTS));
  };
  const slots = Array.from({ length: SLOTS }, (_, index): Slot => {
    const start = from + index * SLOT_MS;
    return { from: start, availability: between(start, start + SLOT_MS) };
  });
  const state = ringing.down ? "down" : ringing.degraded ? "degraded" : "up";
  return { state, checkedAt: now, availability: between(from, Infinity), slots };
}

const lower = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

function share(runs: readonly Runs[], enough = 1): number | undefined {
  const all = runs.reduce((sum, run) => sum + run.all, 0);
  return all < enough ? undefined : runs.reduce((sum, run) => sum + run.arrived, 0) / all;
}
