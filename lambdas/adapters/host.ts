import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Random } from "../ports/clock.ts";

export const systemClock: Clock = { now: () => Date.now(), sleep: (ms) => sleep(ms) };
/** Tells entries of one millisecond apart: 8 characters. */
export const newId = (): string => randomBytes(6).toString("base64url");
export const systemRandom: Random = { bytes: (count) => randomBytes(count), uuid: randomUUID };
