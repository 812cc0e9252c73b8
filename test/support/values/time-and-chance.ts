import { createHash } from "node:crypto";
import type { Clock, Random } from "../../../lambdas/ports/clock.ts";

/** A clock that moves only when set or when something sleeps. */
export function testClock(start = Date.UTC(2026, 10, 23, 12, 0, 0)): Clock & { advance(ms: number): void } {
  let now = start;
  return { now: () => now, advance: (ms) => void (now += ms), sleep: (ms) => Promise.resolve(void (now += ms)) };
}

/** Bytes and ids that differ at every call and are the same in every run with the same seed. */
export function testRandom(seed = "seed"): Random {
  let drawn = 0;
  const random: Random = {
    uuid: () =>
      Buffer.from(random.bytes(16))
        .toString("hex")
        .replace(/^(.{8})(.{4})(.{4})(.{4})/u, "$1-$2-$3-$4-"),
    bytes(count) {
      const blocks: Buffer[] = [];
      drawn += 1;
      for (let block = 0; block * 32 < count; block += 1) {
        blocks.push(createHash("sha256").update(`${seed} ${drawn} ${block}`).digest());
      }
      return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
    },
  };
  return random;
}
