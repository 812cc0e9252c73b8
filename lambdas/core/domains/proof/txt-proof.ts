import { accountKey } from "../../shared/names.ts";
import { LETTERS_AND_DIGITS, randomText } from "../../shared/random-text.ts";

/** A TXT record that proves control of a domain's DNS, bound to one visitor. Times in Unix ms. */
export interface Challenge {
  /** `_push-challenge.pbx.example.com` */
  readonly name: string;
  /** The record's text. */
  readonly value: string;
  readonly expiresAt: number;
  /** What the last DNS lookup found; undefined if there was none. */
  readonly seen?: RecordSeen;
}

/** TXT records at the challenge's name, as the name servers returned them at `at` (Unix ms). */
export interface RecordSeen {
  readonly kind: RecordNow;
  readonly values: readonly string[];
  readonly at: number;
}

/**
 * Whether the TXT record is there now. `missing`: there is none, or only other values; `unreachable`: the name servers
 * did not answer in time.
 */
export type RecordNow = "found" | "missing" | "unreachable";

/** How long a value is valid, in ms: some people wait days for their DNS administrator. */
export const TXT_LIFE_MS = 7 * 24 * 60 * 60_000; // 7 days
/** Random bytes that a value takes. */
export const TXT_BYTES = 40;

export const txtValue = (bytes: Uint8Array): string => `push-challenge=${randomText(bytes, LETTERS_AND_DIGITS, 43)}`;

/** Name of the record; for an account, that of the domain that covers it. */
export const txtName = (account: string): string => `_push-challenge.${accountKey(account).domain}`;
