import type { Outcome } from "../../bin/fleet/tally.ts";
import type { SnsControl } from "../../local/sns/control.ts";

/** One post: what the PBX was told of it, and how often a phone got it. */
interface Entry {
  outcome: Outcome | undefined;
  pushes: number;
  /** Wake ids: a retry carries the id of the first attempt. */
  readonly wakes: Set<string>;
}

/** Every post of the run with its end, beside every push that reached a phone. */
export interface Ledger {
  posted(id: string, token: string, outcome: Outcome): void;
  /** Takes what the phones have got since the last time, and empties them. */
  collect(): void;
  readonly tokens: ReadonlySet<string>;
  totals(): Totals;
}

export interface Totals {
  readonly posts: number;
  readonly taken: number;
  readonly refused: number;
  readonly lost: number;
  /** A Publish ended without an answer: the PBX was told so. */
  readonly unknown: number;
  readonly pushes: number;
  /** Taken, and no phone got it. */
  readonly undelivered: number;
  /** A phone got it, and the PBX was told that nothing was sent. */
  readonly ghosts: number;
  /** Pushes beyond the first of a post. */
  readonly doubles: number;
  /** Pushes of one post under different wake ids: a phone cannot drop the double. */
  readonly strangers: number;
  /** Pushes that no post asked for. */
  readonly unasked: number;
  /** Accepted by SNS and not delivered, by reason. */
  readonly failed: Readonly<Record<string, number>>;
}

export function createLedger(sns: SnsControl): Ledger {
  const entries = new Map<string, Entry>();
  const tokens = new Set<string>();
  const failed = new Map<string, number>();
  const entry = (id: string): Entry => {
    const found = entries.get(id) ?? { outcome: undefined, pushes: 0, wakes: new Set() };
    entries.set(id, found);
    return found;
  };
  return {
    tokens,
    posted(id, token, outcome) {
      tokens.add(token);
      entry(id).outcome = outcome;
    },
    collect() {
      for (const { payload } of sns.phones.list()) {
        const post = postIdIn(payload["payload"]);
        if (post === undefined) continue; // the canary's
        const found = entry(post);
        found.pushes += 1;
        found.wakes.add(String(payload["id"]));
      }
      for (const { outcome } of sns.ledger()) {
        if (outcome !== "delivered") failed.set(outcome, (failed.get(outcome) ?? 0) + 1);
      }
      sns.clear();
    },
    totals: () => totalsOf([...entries.values()], Object.fromEntries(failed)),
  };
}

function totalsOf(entries: readonly Entry[], failed: Totals["failed"]): Totals {
  const count = (holds: (entry: Entry) => boolean) => entries.filter(holds).length;
  const is = (kind: Outcome["kind"]) => (entry: Entry) => entry.outcome?.kind === kind;
  return {
    posts: count(({ outcome }) => outcome !== undefined),
    taken: count(is("taken")),
    refused: count(is("refused")),
    lost: count((entry) => is("lost")(entry) || is("cut")(entry)),
    unknown: count(isUnknown),
    pushes: entries.reduce((sum, { pushes }) => sum + pushes, 0),
    undelivered: count((entry) => is("taken")(entry) && entry.pushes === 0),
    ghosts: count((entry) => is("refused")(entry) && entry.pushes > 0 && !isUnknown(entry)),
    doubles: entries.reduce((sum, { pushes }) => sum + Math.max(0, pushes - 1), 0),
    strangers: count(({ wakes }) => wakes.size > 1),
    unasked: count(({ outcome }) => outcome === undefined),
    failed,
  };
}

const isUnknown = ({ outcome }: Entry): boolean => outcome?.kind === "refused" && outcome.info?.startsWith("unknown") === true;

/** The id that the fleet put into the post, out of the text that the phone got. */
function postIdIn(payload: unknown): string | undefined {
  if (typeof payload !== "string") return undefined;
  const { id } = JSON.parse(payload) as { readonly id?: unknown };
  return typeof id === "string" ? id : undefined;
}
