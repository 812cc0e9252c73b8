import type { Outcome } from "../fleet/tally.ts";
import type { SnsControl } from "../../local/sns/control.ts";
import type { Post } from "./evidence.ts";

/** Every post of the run with its outcome, and every push that reached a phone. */
export interface Ledger {
  posted(id: string, token: string, outcome: Outcome): void;
  /** Reads what the phones have received since the last call, and clears it. */
  collect(): void;
  posts(): readonly Post[];
  /** Accepted by SNS and not delivered, by reason. */
  failed(): Readonly<Record<string, number>>;
}

export function createLedger(sns: SnsControl): Ledger {
  type Entry = { -readonly [Name in keyof Post]: Post[Name] } & { readonly wakes: Set<string> };
  const entries = new Map<string, Entry>();
  const failed = new Map<string, number>();
  const entry = (id: string): Entry => {
    const found = entries.get(id) ?? {
      id,
      token: "",
      outcome: undefined,
      endedAt: 0,
      pushes: 0,
      wakes: new Set<string>(),
    };
    entries.set(id, found);
    return found;
  };
  return {
    posted(id, token, outcome) {
      Object.assign(entry(id), { token, outcome, endedAt: performance.now() });
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
    posts: () => [...entries.values()],
    failed: () => Object.fromEntries(failed),
  };
}

/** The id that the fleet put into the post, from the text that the phone received. */
function postIdIn(payload: unknown): string | undefined {
  if (typeof payload !== "string") return undefined;
  const { id } = JSON.parse(payload) as { readonly id?: unknown };
  return typeof id === "string" ? id : undefined;
}
