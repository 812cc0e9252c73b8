import { domainName } from "./names.ts";
import { fail, ok, type Result } from "./result.ts";
import { sha256 } from "./random-text.ts";

/**
 * Email addresses that we accept: a dot-atom of ASCII (RFC 5321, no quoted local parts, no comments), at most 64
 * characters, `@`, and a DNS name of at least two labels; at most 254 characters in all.
 */
export interface EmailAddress {
  /** As typed, with the domain in A-label form and lower case: where email goes. */
  readonly address: string;
  /** Lower case throughout: two addresses are the same if and only if their keys are. */
  readonly key: string;
  /** A-label form in lower case. */
  readonly domain: string;
}

export type EmailError = "empty" | "too-long" | "bad-address";

const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
// Not "u": with it, "i" takes U+017F and U+212A for s and k.
const LOCAL_PART = new RegExp(`^${ATOM}(\\.${ATOM})*$`, "i");

export function parseEmail(input: string): Result<EmailAddress, EmailError> {
  const trimmed = input.trim();
  if (trimmed === "") return fail("empty");
  if (trimmed.length > 254) return fail("too-long");
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, Math.max(0, at));
  const domain = domainName(trimmed.slice(at + 1));
  if (!domain.ok || !LOCAL_PART.test(local) || local.length > 64) return fail("bad-address");
  const address = `${local}@${domain.value}`;
  if (address.length > 254) return fail("too-long");
  return ok({ address, key: address.toLowerCase(), domain: domain.value });
}

/** The text with a tag in place of every address: AWS sessions are often named after their user. */
export const withoutAddresses = (text: string): string =>
  text.replace(/[^\s/:,;<>]+@[^\s/:,;<>]+/gu, (address) => `mail-${emailTag(address.toLowerCase())}`);

/** Stands for an address in logs and metrics: the same address gives the same tag, and no tag reveals its address. */
export const emailTag = (key: string): string => sha256(key).slice(0, 8);

/**
 * `delayed`, until its slot → `queued` → `allowed` (limits counted) → `sent`; or `silent`, `limited`, `suppressed`:
 * nothing is sent.
 */
export type MailProgress = "delayed" | "queued" | "allowed" | "sent" | "silent" | "limited" | "suppressed";
