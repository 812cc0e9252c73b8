import type { AccountSecrets, Secret } from "../pbx/secret.ts";
import { LETTERS_AND_DIGITS, randomText } from "../shared/random-text.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** Tells which secret it is and how old, never the secret: this may stand in the core table. */
export interface SecretMark {
  readonly id: string;
  readonly issuedAt: number;
}

export interface SecretMarks {
  readonly current: SecretMark;
  readonly previous?: SecretMark & { readonly validUntil: number };
}

/** How long an old secret stays valid beside its successor, in ms: slaves and standbys are re-keyed one by one. */
export const OLD_SECRET_LIFE_MS = 7 * 24 * 60 * 60_000; // 7 days

/** The password field of a Push object takes at most 15 characters (protocol.md, Account and secret). */
export const PASSWORD_LENGTH = 15;
const ID_LENGTH = 8;

/** Random bytes that one new secret takes: 15 + 8 characters of 62 need 17.2, the rest keeps them even. */
export const SECRET_BYTES = 32;

/** @param bytes SECRET_BYTES random bytes; a secret that was chosen takes only its id from them */
export function issueSecret(bytes: Uint8Array, now: number, chosen?: string): Secret {
  const text = randomText(bytes, LETTERS_AND_DIGITS, ID_LENGTH + PASSWORD_LENGTH);
  return { id: text.slice(0, ID_LENGTH), secret: chosen ?? text.slice(ID_LENGTH), issuedAt: now };
}

/** Old and new both count for seven days; an older one before them ends now. */
export function succeed(before: AccountSecrets, next: Secret): AccountSecrets {
  return { current: next, previous: { ...before.current, validUntil: next.issuedAt + OLD_SECRET_LIFE_MS } };
}

export function marksOf({ current, previous }: AccountSecrets): SecretMarks {
  const mark = ({ id, issuedAt }: Secret): SecretMark => ({ id, issuedAt });
  return {
    current: mark(current),
    ...(previous && { previous: { ...mark(previous), validUntil: previous.validUntil } }),
  };
}

/** Whether a login with the secret of that id still counts. */
export function counts({ current, previous }: SecretMarks, id: string, now: number): boolean {
  return id === current.id || (previous !== undefined && id === previous.id && previous.validUntil > now);
}

export type ChosenSecretError = "empty" | "too-long" | "bad-character";

/** A secret that an operator chooses: 1–64 printable ASCII characters; Push objects themselves take 15. */
export function chosenSecret(input: string): Result<string, ChosenSecretError> {
  if (input === "") return fail("empty");
  if (input.length > 64) return fail("too-long");
  return /^[\x21-\x7e]+$/u.test(input) ? ok(input) : fail("bad-character");
}
