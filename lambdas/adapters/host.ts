import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Random } from "../ports/clock.ts";

export const systemClock: Clock = { now: () => Date.now(), sleep: (ms) => sleep(ms) };
/** Tells entries of one millisecond apart: 8 characters. */
export const newId = (): string => randomBytes(6).toString("base64url");
export const systemRandom: Random = { bytes: inBlocks(randomBytes, 4_096) };

/** Draws random bytes a block at a time: asking OpenSSL costs 20 µs, whatever the count. None is given twice or kept. */
function inBlocks(draw: (count: number) => Buffer, size: number): (count: number) => Uint8Array {
  let block = Buffer.alloc(0);
  return (count) => {
    if (count > block.length) block = draw(Math.max(size, count));
    const taken = Uint8Array.from(block.subarray(0, count));
    block.fill(0, 0, count);
    block = block.subarray(count);
    return taken;
  };
}
