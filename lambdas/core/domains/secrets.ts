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
const PASSWORD_LENGTH = 15;
const ID_LENGTH = 8;

/** Random bytes for one new secret: 15 + 8 characters of 62 need 17.2; the rest keep them evenly distributed. */
export const SECRET_BYTES = 32;

/** @param bytes SECRET_BYTES random bytes; a chosen secret takes only its id from them */
export function issueSecret(bytes: Uint8Array, now: number, chosen?: string): Secret {
  const text = randomText(bytes, LETTERS_AND_DIGITS, ID_LENGTH + PASSWORD_LENGTH);
  return { id: text.slice(0, ID_LENGTH), secret: chosen ?? text.slice(ID_LENGTH), issuedAt: now };
}

/** How many replaced secrets stay valid beside the current one. */
const MOST_OLDER = 2;

/**
 * Adds a new current secret; replaced ones stay valid for seven days from their own replacement. At most two are kept:
 * those that no PBX has used go first, then the oldest, so that an owner who replaces again after a lost answer does
 * not end the secret that PBXes use.
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

/** @param known marks from before, whose `usedAt` is kept */
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

/** The marks after a login with this secret; undefined if it was used before or no longer exists. */
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

/** Whether a login with this secret is still valid. */
export function counts(marks: SecretMarks, id: string, now: number): boolean {
  return id === marks.current.id || olderOf(marks).some((old) => old.id === id && old.validUntil > now);
}

/**
 * Lengths of a secret that an operator chooses. The limit on failed logins makes 12 characters too many to guess; the
 * password field takes 15, by one source 16 (docs/protocol.md, Account and secret).
 */
const SHORTEST_CHOSEN = 12;
const LONGEST_CERTAIN = 15;
const LONGEST_CHOSEN = 16;
const LONGEST_FOR_TESTS = 64;

export type ChosenSecretError = "empty" | "too-short" | "too-long" | "bad-character";

/** `sixteen`: some PBXes may not take it · `test`: only a stage for tests takes it. */
export type ChosenSecretWarning = "sixteen" | "test";

export interface ChosenSecret {
  readonly secret: string;
  readonly warning?: ChosenSecretWarning;
}

/**
 * Checks a secret that an operator chooses: printable ASCII characters. Stored secrets are not checked again.
 *
 * @param forTests the stage takes secrets of 1 to 64 characters (`testSecrets` in lib/config/schema.ts)
 */
export function chosenSecret(input: string, forTests: boolean): Result<ChosenSecret, ChosenSecretError> {
  if (input === "") return fail("empty");
  if (!/^[\x21-\x7e]+$/u.test(input)) return fail("bad-character");
  const { length } = input;
  if (length >= SHORTEST_CHOSEN && length <= LONGEST_CERTAIN) return ok({ secret: input });
  if (length === LONGEST_CHOSEN) return ok({ secret: input, warning: "sixteen" });
  if (forTests && length <= LONGEST_FOR_TESTS) return ok({ secret: input, warning: "test" });
  return fail(length < SHORTEST_CHOSEN ? "too-short" : "too-long");
}
