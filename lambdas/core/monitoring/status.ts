/** How the service is doing, for everybody to see: nothing in it is about a tenant. Times in Unix ms. */
export interface Status {
  /** The worst of its components'. */
  readonly state: ServiceState;
  readonly checkedAt: number;
  readonly components: Readonly<Record<Component, ComponentStatus>>;
}

/** What users tell apart, in the order they read it. */
export const COMPONENTS = ["pushes", "connections", "registration", "email"] as const;
export type Component = (typeof COMPONENTS)[number];

/** `down`: it does not work at all. `degraded`: something about it that users notice is wrong. */
export type ServiceState = "up" | "degraded" | "down";

/** Names of the alarms that mean that a component is down, and of those that mean that it is degraded. */
export type ComponentAlarms = Readonly<
  Record<Component, { readonly down: readonly string[]; readonly degraded: readonly string[] }>
>;

export interface ComponentStatus {
  readonly state: ServiceState;
  /** Share of the last 24 h that worked, 0 to 1, from the source where it is lowest; undefined if nothing is known. */
  readonly availability: number | undefined;
  /** The last 24 h in equal slots, oldest first. */
  readonly slots: readonly Slot[];
}

export interface Slot {
  readonly from: number;
  /** As `ComponentStatus.availability`. */
  readonly availability: number | undefined;
}

/** What was tried from `at` on, for the length of a slot. */
export interface Tries {
  readonly at: number;
  /** Worked, or failed for no fault of ours, of AWS or of a vendor. */
  readonly worked: number;
  readonly all: number;
}

/**
 * What each component is judged by, and how many tries it takes to show a share. Fewer prove little and would reveal
 * how few there were; the canary's runs are no secret.
 */
const SOURCES = {
  pushes: { canary: 1, posts: 20 },
  connections: { canaryConnects: 1, logins: 5 },
  registration: { requests: 5 },
  email: { emails: 5 },
} as const satisfies Record<Component, Readonly<Record<string, number>>>;

type SourcesOf<C extends Component> = C extends Component ? keyof (typeof SOURCES)[C] : never;
/**
 * `canary`: its pushes; `posts`: those of PBXes; `canaryConnects`: the canary, up to its login; `logins`: with the
 * right password; `requests`: of browsers to the pages; `emails`: attempts to hand one to SES.
 */
export type Source = SourcesOf<Component>;

/** What is known about the last 24 h. */
export type History = Readonly<Record<Source, readonly Tries[]>>;

/** Length of a slot in ms, and how many there are. */
export const SLOT_MS = 1_800_000; // 30 minutes
export const SLOTS = 48;

/** Start of the oldest slot: slots begin at full half hours, and the last one is the current one. */
export const historyFrom = (now: number): number => (Math.floor(now / SLOT_MS) - SLOTS + 1) * SLOT_MS;

/** @param stateOf what the alarms of a component say */
export function statusOf(stateOf: (component: Component) => ServiceState, history: History, now: number): Status {
  const components = Object.fromEntries(
    COMPONENTS.map((component) => [component, { state: stateOf(component), ...lastDay(component, history, now) }]),
  ) as Record<Component, ComponentStatus>;
  const states = new Set(COMPONENTS.map((component) => components[component].state));
  const state = states.has("down") ? "down" : states.has("degraded") ? "degraded" : "up";
  return { state, checkedAt: now, components };
}

function lastDay(component: Component, history: History, now: number): Omit<ComponentStatus, "state"> {
  const from = historyFrom(now);
  const between = (start: number, end: number): number | undefined => {
    const shares = Object.entries(SOURCES[component]).flatMap(([source, enough]) => {
      const tries = history[source as Source].filter(({ at }) => at >= start && at < end);
      return share(tries, enough) ?? [];
    });
    return shares.length === 0 ? undefined : Math.min(...shares);
  };
  const slots = Array.from({ length: SLOTS }, (_, index): Slot => {
    const start = from + index * SLOT_MS;
    return { from: start, availability: between(start, start + SLOT_MS) };
  });
  return { availability: between(from, Infinity), slots };
}

function share(tries: readonly Tries[], enough: number): number | undefined {
  const all = tries.reduce((sum, each) => sum + each.all, 0);
  if (all < enough) return undefined;
  return Math.max(0, tries.reduce((sum, each) => sum + each.worked, 0) / all);
}
