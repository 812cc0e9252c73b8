import type { HourOfPosts, RecentPost } from "../../../core/domains/recent-posts.ts";

/**
 * A domain's posts in few bytes: its row stays under the 1 KB that DynamoDB bills as one write (docs/operate/scale.md,
 * Cost). Each string is in `names` once, and is referred to by its index; numbers are big-endian.
 */
export interface Packed {
  readonly names: readonly string[];
  /** `POST_BYTES` each, newest first. */
  readonly posts: Uint8Array;
  /** Keys of the devices of the newest posts, 32 bytes each. */
  readonly devices: Uint8Array;
  /** Accounts (u8) with the time of their last post (u48). */
  readonly accounts: Uint8Array;
  /** Hours (u32) with what was accepted and what failed (u24 each). */
  readonly hours: Uint8Array;
}

export interface Unpacked {
  readonly posts: readonly RecentPost[];
  readonly lastPostAt: Readonly<Record<string, number>>;
  readonly hours: readonly HourOfPosts[];
}

const POST_BYTES = 19;
const ACCOUNT_BYTES = 7;
const HOUR_BYTES = 10;
const DEVICE_BYTES = 32;
/** Devices whose key is kept: a test push goes to a recently used one. */
const MAX_DEVICES = 5;
const NONE = 255;
const MAX_COUNT = 2 ** 24 - 1;
const KINDS = [undefined, "call", "notification"] as const;

/** @param domain prefix of all accounts; only the rest of them is stored */
export function pack(domain: string, { posts, lastPostAt, hours }: Unpacked): Packed {
  const names: string[] = [];
  const nameOf = (text: string | undefined): number => {
    if (text === undefined) return NONE;
    const known = names.indexOf(text);
    return known >= 0 ? known : names.push(text) - 1;
  };
  const accountOf = (account: string) => nameOf(account.slice(domain.length));
  const devices = [...new Set(posts.flatMap(({ device }) => device ?? []))].slice(0, MAX_DEVICES);

  const packedPosts = Buffer.alloc(posts.length * POST_BYTES);
  for (const [i, { id, at, ms, account, app, kind, outcome, device }] of posts.entries()) {
    const from = i * POST_BYTES;
    packedPosts.write(id, from, 6, "hex");
    packedPosts.writeUIntBE(at, from + 6, 6);
    packedPosts.writeUInt16BE(ms, from + 12);
    // A device that is not kept has the index -1, which one byte holds as NONE.
    const place = (devices as readonly (string | undefined)[]).indexOf(device);
    packedPosts.set([accountOf(account), nameOf(app), KINDS.indexOf(kind), nameOf(outcome), place], from + 14);
  }
  const packedAccounts = Buffer.alloc(Object.keys(lastPostAt).length * ACCOUNT_BYTES);
  for (const [i, [account, at]] of Object.entries(lastPostAt).entries()) {
    packedAccounts.writeUInt8(accountOf(account), i * ACCOUNT_BYTES);
    packedAccounts.writeUIntBE(at, i * ACCOUNT_BYTES + 1, 6);
  }
  const packedHours = Buffer.alloc(hours.length * HOUR_BYTES);
  for (const [i, { hour, accepted, failed }] of hours.entries()) {
    packedHours.writeUInt32BE(hour, i * HOUR_BYTES);
    packedHours.writeUIntBE(Math.min(accepted, MAX_COUNT), i * HOUR_BYTES + 4, 3);
    packedHours.writeUIntBE(Math.min(failed, MAX_COUNT), i * HOUR_BYTES + 7, 3);
  }
  return {
    names,
    posts: packedPosts,
    devices: Buffer.concat(devices.map((key) => Buffer.from(key, "base64url"))),
    accounts: packedAccounts,
    hours: packedHours,
  };
}

/** Throws a RangeError if the bytes are not from `pack`. */
export function unpack(domain: string, packed: Packed): Unpacked {
  const { names } = packed;
  const nameOf = (index: number): string | undefined => names[index];
  const accountOf = (index: number) => `${domain}${nameOf(index) ?? ""}`;
  const posts = pieces(packed.posts, POST_BYTES).map((post): RecentPost => {
    const [app, kind, device] = [nameOf(post.readUInt8(15)), KINDS[post.readUInt8(16)], post.readUInt8(18)];
    const key = Buffer.from(packed.devices).subarray(device * DEVICE_BYTES, (device + 1) * DEVICE_BYTES);
    return {
      id: post.toString("hex", 0, 6),
      at: post.readUIntBE(6, 6),
      account: accountOf(post.readUInt8(14)),
      ...(app !== undefined && { app }),
      ...(kind !== undefined && { kind }),
      outcome: nameOf(post.readUInt8(17)) ?? "",
      ms: post.readUInt16BE(12),
      ...(device !== NONE && { device: key.toString("base64url") }),
    };
  });
  const accounts = pieces(packed.accounts, ACCOUNT_BYTES);
  const hours = pieces(packed.hours, HOUR_BYTES);
  return {
    posts,
    lastPostAt: Object.fromEntries(accounts.map((each) => [accountOf(each.readUInt8(0)), each.readUIntBE(1, 6)])),
    hours: hours.map((each) => ({
      hour: each.readUInt32BE(0),
      accepted: each.readUIntBE(4, 3),
      failed: each.readUIntBE(7, 3),
    })),
  };
}

const pieces = (bytes: Uint8Array, length: number): readonly Buffer[] =>
  Array.from({ length: bytes.length / length }, (_, i) => Buffer.from(bytes.subarray(i * length, (i + 1) * length)));
