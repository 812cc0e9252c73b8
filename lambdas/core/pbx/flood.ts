/** Sockets that post without a login, and the networks that keep opening them. Times in Unix ms. */

/** A socket's posts without a login. */
export interface Strays {
  readonly posts: number;
  readonly since: number;
}

/** Limits of posts without a login: how many, and how long after the first, in ms. A post may overtake its login. */
const MAX_POSTS = 5;
const PATIENCE_MS = 2_000;

export const oneMore = (before: Strays | undefined, now: number): Strays => ({
  posts: (before?.posts ?? 0) + 1,
  since: before?.since ?? now,
});

export const isFlooding = ({ posts, since }: Strays, now: number): boolean =>
  posts >= MAX_POSTS || now - since > PATIENCE_MS;

/** What is known about a network. */
export interface NetworkRecord {
  /** When a PBX last logged in from it; undefined: none is remembered. */
  readonly loggedInAt: number | undefined;
  /** Sockets closed for flooding in this clock minute and in the one before. */
  readonly closings: readonly [number, number];
}

const MAX_CLOSINGS = 10;
/** How long a network is not refused after a PBX logged in from it, in ms. */
export const TRUSTED_MS = 86_400_000; // 24 hours

export const mayConnect = ({ loggedInAt, closings }: NetworkRecord, now: number): boolean =>
  now - (loggedInAt ?? -Infinity) < TRUSTED_MS || Math.max(...closings) < MAX_CLOSINGS;
