import { expect, it } from "vitest";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { retries } from "../../../lambdas/usecases/shared/retry.ts";
import { virtualClock } from "../../support/values/clock.ts";

/** What `work` with so much time came to, on a machine whose pauses last longer than asked for by `lateMs`. */
async function cameTo(timeMs: number, lateMs: number, attempt: () => Promise<string>): Promise<unknown> {
  const clock = virtualClock();
  const slow = { ...clock, now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms + lateMs) };
  const work = { operation: "read", deadline: clock.now() + timeMs };
  return clock.run(retries({ clock: slow, chance: () => 0.5 })(work, attempt)).catch((error: unknown) => error);
}

it("tells what the last attempt came to when a pause took all the time that was left", async () => {
  const failed = new DependencyError("dynamodb.BatchGetItem", "throttled", "ThrottlingException");
  expect(await cameTo(500, 600, () => Promise.reject(failed))).toBe(failed);
});

it("tells that it was too late when not even a first attempt could end in time", async () => {
  expect(await cameTo(99, 0, () => Promise.resolve("read"))).toMatchObject({
    operation: "read",
    kind: "timeout",
    code: "deadline",
  });
  expect(await cameTo(100, 0, () => Promise.resolve("read"))).toBe("read");
});
