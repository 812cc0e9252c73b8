import {
  addPosts,
  isDue,
  type LoggedEvent,
  type RecentPost,
  type RecentPosts,
  WATCH_MS,
} from "../../core/domains/recent-posts.ts";
import { recent } from "../../core/shared/recent.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RecentPostsStore } from "../../ports/domains.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface RecordPostsPorts {
  readonly store: RecentPostsStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export interface PostRecorder {
  /**
   * Takes log events, in any order and repeated or not, and writes domains whose turn it is. Throws to get them again.
   */
  readonly take: (events: readonly LoggedEvent[]) => Promise<void>;
  /** Writes what has become due since. Throws DependencyError if some of it could not be written. */
  readonly flush: () => Promise<void>;
}

/** Events that an execution environment remembers: one may be delivered again within minutes. */
const SEEN = { size: 50_000, lifeMs: 900_000 } as const;
const MOST_DOMAINS = 20_000;
/** Concurrent writes, and how long one invocation keeps starting new ones, in ms; the next one does the rest. */
const AT_ONCE = 25;
const BUDGET_MS = 10_000;

interface Held {
  /** As this environment last saw it; undefined: not read yet, or none. */
  written: RecentPosts | undefined;
  looked: boolean;
  posts: RecentPost[];
  watchedUntil: number;
}

/**
 * Keeps the posts of each domain (docs/decisions.md, 33). New posts wait in memory until their domain's turn: at most
 * once in ten minutes, but immediately in its first hour and while its posts are watched.
 */
export function recordPosts({ store, clock, telemetry }: RecordPostsPorts): PostRecorder {
  const seen = recent<true>(SEEN.size, SEEN.lifeMs);
  const domains = new Map<string, Held>();

  /** Continued watching is written down every ten minutes. */
  const isWaiting = ({ posts, watchedUntil, written }: Held) =>
    posts.length > 0 || watchedUntil > (written?.watchedUntil ?? 0) + WATCH_MS / 6;

  function hold(event: LoggedEvent): void {
    const { kind, domain } = event;
    const held = domains.get(domain) ?? { written: undefined, looked: false, posts: [], watchedUntil: 0 };
    domains.set(domain, held);
    if (kind === "watch") held.watchedUntil = Math.max(held.watchedUntil, event.at + WATCH_MS);
    else held.posts.push(event.post);
  }

  /** Forgets domains with nothing to write, the oldest first. */
  function forget(): void {
    for (const [domain, held] of domains) {
      if (domains.size <= MOST_DOMAINS) return;
      if (!isWaiting(held)) domains.delete(domain);
    }
  }

  async function look(domain: string, held: Held): Promise<void> {
    held.written = await store.find(domain);
    held.looked = true;
  }

  /** Writes the domain if it is its turn; tries again if another environment has written it in the meantime. */
  async function write(domain: string, held: Held): Promise<void> {
    if (!held.looked) await look(domain, held);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const { written, posts, watchedUntil } = held;
      const now = clock.now();
      if (!isDue(written, posts, watchedUntil, now)) return;
      const next = addPosts(written, domain, posts, watchedUntil, now);
      if (await store.replace(next, written)) {
        held.written = next;
        held.posts = [];
        return;
      }
      await look(domain, held);
    }
  }

  /** Writes those whose turn it is, as far as time allows; one that fails keeps what it holds. */
  async function writeAll(all: readonly (readonly [string, Held])[]): Promise<void> {
    const begun = clock.now();
    const waiting = all.filter(([, held]) => isWaiting(held));
    let failure: DependencyError | undefined;
    for (let i = 0; i < waiting.length && clock.now() - begun < BUDGET_MS; i += AT_ONCE)
      await Promise.all(
        waiting.slice(i, i + AT_ONCE).map(async ([domain, held]) => {
          try {
            await write(domain, held);
          } catch (error) {
            if (!(error instanceof DependencyError)) throw error;
            failure = error;
          }
        }),
      );
    forget();
    if (failure === undefined) return;
    telemetry.log("warn", "posts not recorded", { error: failure.message });
    throw failure;
  }

  return {
    async take(events) {
      const now = clock.now();
      const touched = new Set<string>();
      for (const event of events) {
        const { domain } = event;
        const { id } = event.kind === "post" ? event.post : event;
        touched.add(domain);
        if (seen.get(id, now) !== undefined) continue;
        seen.set(id, true, now);
        hold(event);
      }
      await writeAll([...touched].flatMap((domain) => entry(domain)));
    },
    flush: () => writeAll([...domains]),
  };

  function entry(domain: string): [string, Held][] {
    const held = domains.get(domain);
    return held === undefined ? [] : [[domain, held]];
  }
}
