import {
  marksIn,
  olderOf,
  usedOf,
  type AccountSecrets,
  type OldSecret,
  type OldSecretMark,
  type Secret,
  type SecretMark,
  type SecretMarks,
} from "../pbx/secret.ts";
import { LETTERS_AND_DIGITS, randomText } from "../shared/random-text.ts";
import { fail, ok, type Result } from "../shared/result.ts";

/** How long a replaced secret stays valid, in ms: slaves and standbys are re-keyed one by one. */
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

/** How many replaced secrets stay valid beside the current one. */
const MOST_OLDER = 2;

/**
 * The next secret, beside which replaced ones count for seven days from their own replacement. Where there are more than
 * two, those that no PBX has used go first, then the oldest: an owner who replaces again, since an answer was lost, does
 * not end the secret that the PBXes have.
 */
export function succeed(before: AccountSecrets, marks: SecretMarks, next: Secret): AccountSecrets {
  const used = new Set(usedOf(marks));
  const replaced: readonly OldSecret[] = [
    { ...before.current, validUntil: next.issuedAt + OLD_SECRET_LIFE_MS },
    ...olderOf(before).filter(({ validUntil }) => validUntil > next.issuedAt),
  ];
  const kept = replaced.toSorted((one, other) => Number(used.has(other.id)) - Number(used.has(one.id)));
  const [previous, earlier] = replaced.filter((each) => kept.indexOf(each) < MOST_OLDER);
  return { current: next, ...(previous && { previous }), ...(earlier && { earlier }) };
}

/** @param known marks from before, of secrets that are among them */
export function marksOf({ current, previous, earlier }: AccountSecrets, known?: SecretMarks): SecretMarks {
  const mark = ({ id, issuedAt }: Secret): SecretMark => {
    const usedAt = known && marksIn(known).find((each) => each.id === id)?.usedAt;
    return { id, issuedAt, ...(usedAt !== undefined && { usedAt }) };
  };
  const old = (secret: OldSecret): OldSecretMark => ({ ...mark(secret), validUntil: secret.validUntil });
  return {
    current: mark(current),
    ...(previous && { previous: old(previous) }),
    ...(earlier && { earlier: old(earlier) }),
  };
}

/** The marks after a login with the secret of that id; undefined if it is no news, or the secret has gone. */
export function withUse(marks: SecretMarks, id: string, usedAt: number): SecretMarks | undefined {
  if (!marksIn(marks).some((each) => each.id === id && each.usedAt === undefined)) return undefined;
  const mark = <M extends SecretMark>(each: M): M => (each.id === id ? { ...each, usedAt } : each);
  const { current, previous, earlier } = marks;
  return {
    current: mark(current),
    ...(previous && { previous: mark(previous) }),
    ...(earlier && { earlier: mark(earlier) }),
  };
}

/** Whether a login with the secret of that id still counts. */
export function counts(marks: SecretMarks, id: string, now: number): boolean {
  return id === marks.current.id || olderOf(marks).some((old) => old.id === id && old.validUntil > now);
}

export type ChosenSecretError = "empty" | "too-long" | "bad-character";

/** A secret that an operator chooses: 1–64 printable ASCII characters; Push objects themselves take 15. */
export function chosenSecret(input: string): Result<string, ChosenSecretError> {
  if (input === "") return fail("empty");
  if (input.length > 64) return fail("too-long");
  return /^[\x21-\x7e]+$/u.test(input) ? ok(input) : fail("bad-character");
}
