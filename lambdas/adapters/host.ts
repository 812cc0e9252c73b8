import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Random } from "../ports/clock.ts";

export const systemClock: Clock = { now: () => Date.now(), sleep: (ms) => sleep(ms) };
/** Tells entries of one millisecond apart: 8 characters. */
export const newId = (): string => randomBytes(6).toString("base64url");
export const systemRandom: Random = { bytes: (count) => randomBytes(count), uuid: randomUUID };
/**
 * Logs a line. Not by `console`: in Lambda's text format it puts time, request id and level before the line, which then is no
 * JSON to filters of the log (docs/aws.md, CloudWatch Logs).
 */
export const toStandardOutput = (line: string): void => void process.stdout.write(`${line}\n`);
