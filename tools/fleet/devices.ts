import type { Post } from "../../bin/pbx/protocol/frames.ts";
import type { Random } from "./random.ts";

/** A phone of a PBX: its push token and the types of posts that may wake it. */
export interface Device {
  readonly token: string;
  readonly types: readonly [string | undefined, ...(string | undefined)[]];
}

const HEX = "0123456789abcdef";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Random phones for the local host's apps (docs/architecture.md), with tokens unknown to any vendor. */
const KINDS: readonly [(random: Random) => Device, ...((random: Random) => Device)[]] = [
  (random) => ({ token: `ios-call:${random.text(64, HEX)}`, types: ["call"] }),
  (random) => ({ token: `ios:${random.text(64, HEX)}`, types: ["notification"] }),
  (random) => ({
    token: `android:${random.text(22, URL_SAFE)}:APA91b${random.text(134, URL_SAFE)}`,
    types: ["call", "notification"],
  }),
];

export type Devices = readonly [Device, ...Device[]];

/** Phones of one PBX: of the given tokens, whose app determines the type, or `count` random ones. */
export function devicesOf(tokens: readonly string[], count: number, random: Random): Devices {
  const given = tokens.map((token): Device => ({ token, types: [undefined] }));
  const made = Array.from({ length: given.length > 0 ? 0 : count }, () => random.pick(KINDS)(random));
  const [first, ...rest] = [...given, ...made];
  return [first ?? random.pick(KINDS)(random), ...rest];
}

/** A post as a PBX sends it: `id` identifies it on the phone; the rest replaces the encrypted part. */
export function postFor(device: Device, id: string, payloadBytes: number, random: Random): Post {
  const type = random.pick(device.types);
  const members = { id, data: random.text(payloadBytes, URL_SAFE) };
  return { token: device.token, ...(type !== undefined && { type }), members };
}
