/** Everything that happens after an answer was sent: timers and promises that can be counted and dropped. */
export class Jobs {
  readonly #timers = new Map<NodeJS.Timeout, () => void>();
  readonly #promises = new Set<Promise<void>>();

  /** Runs a job after `ms`. */
  later(ms: number, job: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      job();
    }, ms);
    this.#timers.set(timer, () => undefined);
  }

  /** Resolves after `ms`, or as soon as everything is dropped. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.set(timer, resolve);
    });
  }

  /** Counts a pending promise; reports a failure on stderr, as nobody awaits it. */
  track(promise: Promise<void>): void {
    const ended = promise
      .catch((error: unknown) => console.error("sns simulator:", error instanceof Error ? error.message : error))
      .finally(() => this.#promises.delete(ended));
    this.#promises.add(ended);
  }

  async settled(): Promise<void> {
    while (this.#timers.size + this.#promises.size > 0) {
      await Promise.all(this.#promises);
      if (this.#timers.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  close(): void {
    for (const [timer, dropped] of this.#timers) {
      clearTimeout(timer);
      dropped();
    }
    this.#timers.clear();
  }
}
