import { describe, expect, it } from "vitest";
import { DependencyError, type FailureKind } from "../../../lambdas/ports/errors.ts";
import { retries, type Work } from "../../../lambdas/usecases/shared/retry.ts";
import { virtualClock } from "../../support/values/clock.ts";

const failure = (kind: FailureKind) => new DependencyError("test.Call", kind);

/** Retries of one execution environment in virtual time, recorded. `lateMs`: how much longer pauses last than requested. */
function environment(lateMs = 0) {
  const clock = virtualClock();
  const pauses: number[] = [];
  const limits: number[] = [];
  const setbacks: unknown[] = [];
  const sleep = (ms: number) => {
    pauses.push(ms);
    return clock.sleep(ms + lateMs);
  };
  const withRetries = retries({ clock: { now: () => clock.now(), sleep }, chance: () => 0.5 });
  return {
    clock,
    pauses,
    limits,
    setbacks,
    /** Result of work with that much time: its answer or its error. */
    cameTo: (timeMs: number, attempt: (limitMs: number) => Promise<unknown>, more: Partial<Work> = {}) => {
      const noted = (limitMs: number) => {
        limits.push(limitMs);
        return attempt(limitMs);
      };
      const work = { operation: "read", deadline: clock.now() + timeMs, ...more };
      return clock.run(withRetries(work, noted, (error) => void setbacks.push(error))).catch((error: unknown) => error);
    },
  };
}

/** Answers nothing until its limit has passed. */
const hangs =
  ({ clock }: ReturnType<typeof environment>) =>
  async (limitMs: number) => {
    await clock.sleep(limitMs);
    throw failure("timeout");
  };

describe("work that fails", () => {
  it("ends with its last attempt's error if a pause took all the remaining time", async () => {
    const failed = new DependencyError("dynamodb.BatchGetItem", "throttled", "ThrottlingException");
    expect(await environment(600).cameTo(500, () => Promise.reject(failed))).toBe(failed);
  });

  it("ends as too late if not even a first attempt could end in time", async () => {
    const { cameTo } = environment();
    expect(await cameTo(99, () => Promise.resolve("read"))).toMatchObject({
      operation: "read",
      kind: "timeout",
      code: "deadline",
    });
    expect(await cameTo(100, () => Promise.resolve("read"))).toBe("read");
  });

  it.each(["throttled", "unreachable", "reset", "timeout", "unavailable"] as const)(
    "with %s is tried again, after a report to its caller",
    async (kind) => {
      const { cameTo, setbacks } = environment();
      const turns = [failure(kind), failure(kind)];
      const attempt = () => {
        const failed = turns.at(setbacks.length);
        return failed === undefined ? Promise.resolve("read") : Promise.reject(failed);
      };
      expect(await cameTo(60_000, attempt)).toBe("read");
      expect(setbacks).toEqual(turns);
    },
  );

  it.each([failure("conflict"), failure("rejected"), new Error("a bug")])(
    "permanently is not tried again: %s",
    async (failed) => {
      const { cameTo, limits, setbacks } = environment();
      expect(await cameTo(60_000, () => Promise.reject(failed))).toBe(failed);
      expect([limits.length, setbacks]).toEqual([1, []]);
    },
  );

  // docs/architecture.md, Retries: half to all of 50, 100, 200, 400 and 800 ms; here always three quarters.
  it("pauses longer from attempt to attempt, of which there are nine", async () => {
    const { cameTo, pauses, limits, setbacks } = environment();
    expect(await cameTo(60_000, () => Promise.reject(failure("throttled")))).toMatchObject({ kind: "throttled" });
    expect(pauses).toEqual([37, 75, 150, 300, 600, 600, 600, 600]);
    expect([limits.length, setbacks.length]).toEqual([9, 8]);
    // A third of the remaining time for each, as no attempt has hung.
    expect(limits.slice(0, 3)).toEqual([20_000, 19_987, 19_962]);
  });

  it("pauses for at most a third of the remaining time", async () => {
    const { cameTo, pauses } = environment();
    await cameTo(610, () => Promise.reject(failure("throttled")));
    expect(pauses).toEqual([37, 75, 124, 93, 70, 52, 39]);
  });

  it("is tried again immediately after the first lost connection, later after a pause", async () => {
    const { cameTo, pauses } = environment();
    await cameTo(60_000, () => Promise.reject(failure("reset")));
    expect(pauses).toEqual([75, 150, 300, 600, 600, 600, 600]);
  });
});

describe("work that hangs", () => {
  it("is ended early enough for two more attempts of the same length, without a pause", async () => {
    const at = environment();
    expect(await at.cameTo(3_000, hangs(at))).toMatchObject({ kind: "timeout", code: undefined });
    expect([at.limits, at.pauses]).toEqual([[1_000, 1_000, 1_000], []]);
  });

  it("is ended sooner if an attempt has its own limit", async () => {
    const at = environment();
    await at.cameTo(3_000, hangs(at), { longestMs: 600 });
    expect(at.limits).toEqual([600, 600, 600, 600, 600]);
  });
});

describe("a dependency that is down", () => {
  const throttled = () => Promise.reject(failure("throttled"));

  /** Attempts of each of `count` pieces of work, one every 100 ms. */
  async function attempts(at: ReturnType<typeof environment>, count: number, operation: string): Promise<number[]> {
    const each: number[] = [];
    for (let piece = 0; piece < count; piece += 1) {
      const before = at.limits.length;
      await at.cameTo(10_000, throttled, { operation });
      each.push(at.limits.length - before);
      at.clock.advance(100);
    }
    return each;
  }

  it("gets one retry per ten pieces of work after 5 s, separately by name", async () => {
    const at = environment();
    const from = at.clock.now();
    while (at.clock.now() - from < 5_100) await attempts(at, 1, "read");
    await attempts(at, 10, "read");
    const later = await attempts(at, 20, "read");
    expect(later.filter((count) => count === 2)).toHaveLength(2);
    expect(later.filter((count) => count === 1)).toHaveLength(18);
    expect(await attempts(at, 1, "write")).toEqual([9]);
  });

  it("gets every retry if it has answered until now", async () => {
    const at = environment();
    const from = at.clock.now();
    while (at.clock.now() - from < 6_000) {
      await at.cameTo(10_000, () => Promise.resolve("read"));
      at.clock.advance(100);
    }
    expect(await attempts(at, 1, "read")).toEqual([9]);
  });
});
