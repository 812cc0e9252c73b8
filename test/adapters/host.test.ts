import { describe, expect, it } from "vitest";
import { newId, systemClock, systemRandom } from "../../lambdas/adapters/host.ts";

describe("the machine", () => {
  it("returns its time in Unix ms, and sleeps as long as requested", async () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    // A timer may fire a millisecond early.
    await systemClock.sleep(20);
    expect(systemClock.now() - now).toBeGreaterThanOrEqual(19);
  });

  it("returns the requested number of random bytes, and unique ids of 8 characters", () => {
    expect(systemRandom.bytes(32)).toHaveLength(32);
    const drawn = [newId, newId, () => systemRandom.uuid(), () => Buffer.from(systemRandom.bytes(16)).toString("hex")];
    expect(new Set(drawn.map((draw) => draw())).size).toBe(drawn.length);
    expect(newId()).toMatch(/^[\w-]{8}$/u);
  });
});
