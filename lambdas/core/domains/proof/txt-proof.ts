import { accountKey } from "../../shared/names.ts";
import { LETTERS_AND_DIGITS, randomText } from "../../shared/random-text.ts";

/** A TXT record that proves control of a domain's DNS. */

/** How long a value is valid, in ms: some people wait days for their DNS administrator. */
export const TXT_LIFE_MS = 7 * 24 * 60 * 60_000; // 7 days
/** Random bytes that a value takes. */
export const TXT_BYTES = 40;

export const txtValue = (bytes: Uint8Array): string => `push-challenge=${randomText(bytes, LETTERS_AND_DIGITS, 43)}`;

/** Where the record stands; of an account, at the domain that covers it. */
export const txtName = (account: string): string => `_push-challenge.${accountKey(account).domain}`;
