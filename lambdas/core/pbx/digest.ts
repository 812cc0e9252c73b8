import { createHash, timingSafeEqual } from "node:crypto";

/** Members of an AppLogin that enter the digest; an absent member is the empty string. */
export interface LoginFields {
  readonly app: string;
  readonly domain: string;
  readonly sip: string;
  readonly guid: string;
  readonly dn: string;
  /** The text of `info` as it stood in the frame; undefined when the login carries none. */
  readonly info: string | undefined;
}

/**
 * Digest of a login: 32 bytes, SHA-256 over UTF-8 of `app:domain:sip:guid:dn:info:challenge:password`, without the
 * `info` segment and its colon when there is none. Source: docs/protocol.md, Digest; vectors/app-login-digest.json.
 */
export function loginDigest(login: LoginFields, challenge: string, password: string): Buffer {
  const { app, domain, sip, guid, dn, info } = login;
  const segments = [app, domain, sip, guid, dn, ...(info === undefined ? [] : [info]), challenge, password];
  return createHash("sha256").update(segments.join(":"), "utf8").digest();
}

/**
 * Index of the candidate password that the digest was made with, or -1. Every candidate is computed and compared in
 * constant time, and a digest that is not 64 hex digits (either case) costs the same and matches none.
 */
export function matchDigest(
  login: LoginFields,
  challenge: string,
  digest: string,
  passwords: readonly string[],
): number {
  const wellFormed = /^[0-9a-f]{64}$/iu.test(digest);
  const given = Buffer.from(wellFormed ? digest : "00".repeat(32), "hex");
  let found = -1;
  for (const [index, password] of passwords.entries()) {
    const same = timingSafeEqual(loginDigest(login, challenge, password), given);
    if (same && wellFormed && found < 0) found = index;
  }
  return found;
}
