import { domainToASCII } from "node:url";
import { fail, ok, type Result } from "./result.ts";

/**
 * Names of domains and accounts (docs/protocol.md, Account and secret; Names).
 *
 * An account is what a PBX sends as `domain`: `pbx.example.com` or `pbx.example.com/master`. It is stored and looked up
 * under its key; the digest uses the spelling that was sent.
 */
export interface AccountKey {
  /** Lookup key of the whole string, e.g. `xn--mnchen-3ya.example/master`. */
  readonly account: string;
  /** Lookup key of the part before the first `/`: the domain that covers the account. */
  readonly domain: string;
}

/** Key of an empty account: nobody can own it, and a table key must not be empty. */
const NOBODY = "(none)";

/** Longest account string that we look up, in characters; nobody can own a longer one. */
export const MAX_ACCOUNT_LENGTH = 512;

/** Longest DNS name, in characters. */
const MAX_DOMAIN_LENGTH = 253;

/**
 * Lookup key of one account as a PBX or an operator spells it. Every string has a key, so that an unknown account takes
 * the same path as a known one. A domain part that is not a host name keeps its lower-case spelling.
 */
export function accountKey(spelling: string): AccountKey {
  const trimmed = clip(spelling).trim();
  const slash = trimmed.indexOf("/");
  const head = slash < 0 ? trimmed : trimmed.slice(0, slash);
  const domain = domainKey(head);
  return { domain, account: slash < 0 ? domain : clip(`${domain}/${lower(trimmed.slice(slash + 1))}`) };
}

function domainKey(spelling: string): string {
  const bare = withoutDot(spelling);
  const ascii = /^[\d.]*$/u.test(bare) ? "" : toAscii(bare);
  return ascii === "" || ascii.length > MAX_DOMAIN_LENGTH ? clip(lower(bare)) || NOBODY : ascii;
}

/** Keeps a key within the table's limit, since normalization can lengthen a text. */
const clip = (text: string): string => text.slice(0, MAX_ACCOUNT_LENGTH + 1).toWellFormed();

/** One key for one name: another system may send the same letters as other code points. */
const lower = (text: string): string => text.normalize("NFC").toLowerCase().normalize("NFC");

/** UTS-46 treats four characters as a dot. */
const withoutDot = (name: string): string => name.replace(/[.\u3002\uff0e\uff61]$/u, "");

/**
 * A-label form in lower case of a name without a trailing dot; empty if there is none. `domainToASCII` takes the host of
 * a URL: it decodes `%`, drops line ends and stops at `?`, `#` and `\`, none of which is part of a name.
 */
function toAscii(name: string): string {
  const ascii = /[\s?#%\\]/u.test(name) ? "" : domainToASCII(name);
  return ascii.endsWith(".") ? "" : ascii;
}

export type NameError = "empty" | "too-long" | "slash" | "one-label" | "bad-label" | "address";

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/u;

/**
 * A DNS name of at least two labels, IDN allowed, at most 253 characters, no `/`. Returns its A-label form in lower case
 * without a trailing dot, which is also its lookup key.
 */
export function domainName(input: string): Result<string, NameError> {
  const trimmed = withoutDot(input.trim());
  if (trimmed === "") return fail("empty");
  if (trimmed.includes("/")) return fail("slash");
  if (trimmed.length > MAX_DOMAIN_LENGTH) return fail("too-long");
  if (/^[\d.]+$/u.test(trimmed) || trimmed.includes(":")) return fail("address");
  const ascii = toAscii(trimmed);
  if (ascii === "") return fail("bad-label");
  if (ascii.length > MAX_DOMAIN_LENGTH) return fail("too-long");
  const labels = ascii.split(".");
  if (labels.length < 2) return fail("one-label");
  if (!labels.every((label) => LABEL.test(label))) return fail("bad-label");
  if (/\.\d+$/u.test(ascii)) return fail("address");
  return ok(ascii);
}

/**
 * The host in what people paste for a name: `https://host/push/ws`, `sip:user@host`, `host:443`, `host/`. Any other
 * text is only trimmed; so is `host/account`.
 */
export function hostIn(input: string): string {
  const trimmed = input.trim();
  const rest = trimmed.replace(/^([a-z][a-z0-9+.-]*:\/\/|sips?:)/iu, "");
  const host = rest === trimmed ? rest : rest.replace(/[/?#;].*/su, "").replace(/.*@/su, "");
  return host.replace(/\/$/u, "").replace(/^([^\s/:]+\.[^\s/:]+):\d{1,5}$/u, "$1");
}

/** Whether an operator typed a URL or a host with a port in place of a System Name, which may be nearly anything. */
const isUrl = (input: string): boolean => hostIn(input) !== input.trim();

export type AccountError = "empty" | "too-long" | "bad-character";

/** An account that an operator sets up: any System Name, even one that is not a DNS name. Returns its lookup key. */
export function operatorAccount(input: string): Result<string, AccountError> {
  const trimmed = input.trim();
  if (trimmed.length > MAX_ACCOUNT_LENGTH) return fail("too-long");
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(trimmed)) return fail("bad-character");
  const { account, domain } = accountKey(trimmed);
  if (account.length > MAX_ACCOUNT_LENGTH) return fail("too-long");
  return domain === NOBODY || account.endsWith("/") ? fail("empty") : ok(account);
}

/** An account whose page can be requested: a DNS name, or an account under one. Returns its lookup key. */
export function pagedAccount(input: string): Result<string, NameError> {
  const typed = hostIn(input);
  const slash = typed.indexOf("/");
  if (slash < 0) return domainName(typed);
  const domain = domainName(typed.slice(0, slash));
  if (!domain.ok) return domain;
  const account = operatorAccount(typed);
  return account.ok ? account : fail(account.error === "too-long" ? "too-long" : "slash");
}

/** An account that an operator adds. `url`: what was typed is a URL or has a port. Returns its lookup key. */
export const addedAccount = (input: string): Result<string, AccountError | "url"> =>
  isUrl(input) ? fail("url") : operatorAccount(input);
