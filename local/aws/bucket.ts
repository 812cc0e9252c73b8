/** A token bucket for calls. */
export class Bucket {
  #tokens: number | undefined;
  #filledAt = 0;

  /**
   * Takes one call; false if none is left.
   * @param rate calls per second; undefined is unlimited
   * @param burst how many calls it holds; default: one second's worth
   * @param now Unix ms
   */
  take(rate: number | undefined, burst: number | undefined, now: number): boolean {
    if (rate === undefined) return true;
    const size = burst ?? (rate > 0 ? Math.max(rate, 1) : 0);
    const gained = (Math.max(0, now - this.#filledAt) / 1000) * rate;
    const tokens = Math.min(size, (this.#tokens ?? size) + gained);
    this.#filledAt = now;
    this.#tokens = tokens >= 1 ? tokens - 1 : tokens;
    return tokens >= 1;
  }
}
