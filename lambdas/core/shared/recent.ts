/**
 * A bounded memory of one execution environment: keeps each value for `life` ms, and at most `size` values, dropping
 * the oldest first. Best effort; time is passed in.
 */
export interface Recent<T> {
  get(key: string, now: number): T | undefined;
  set(key: string, value: T, now: number): void;
  delete(key: string): void;
}

export function recent<T>(size: number, life: number): Recent<T> {
  const entries = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    get(key, now) {
      const entry = entries.get(key);
      return entry !== undefined && entry.until > now ? entry.value : undefined;
    },
    set(key, value, now) {
      entries.delete(key);
      entries.set(key, { value, until: now + life });
      if (entries.size > size) entries.delete(entries.keys().next().value ?? key);
    },
    delete(key) {
      entries.delete(key);
    },
  };
}

/**
 * Counts per key in windows of `period` ms; `allow` counts and says whether the key is still within `limit`. Kept in
 * one execution environment, so it limits that one, not the service.
 */
export interface Rate {
  allow(key: string, now: number): boolean;
}

/** A bucket per key: `burst` at once, then one for every `everyMs`. Kept in one execution environment, like Rate. */
export function bucket(burst: number, everyMs: number, size = 10_000): Rate {
  /** When a key's bucket will be full again. */
  const fullAt = recent<number>(size, burst * everyMs);
  return {
    allow(key, now) {
      const full = Math.max(fullAt.get(key, now) ?? now, now);
      if (full + everyMs - now > burst * everyMs) return false;
      fullAt.set(key, full + everyMs, now);
      return true;
    },
  };
}

export function rate(limit: number, period: number, size = 10_000): Rate {
  const counts = recent<{ used: number }>(size, period);
  return {
    allow(key, now) {
      const count = counts.get(key, now) ?? { used: 0 };
      if (count.used === 0) counts.set(key, count, now);
      count.used += 1;
      return count.used <= limit;
    },
  };
}
