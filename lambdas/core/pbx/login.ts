import { matchDigest, type LoginFields } from "./digest.ts";
import { stringOf, type Frame } from "./frame.ts";
import { fail, ok, type Result } from "../shared/result.ts";
import type { LoginProblem } from "./login-error.ts";
import { olderOf, type AccountSecrets, type Secret } from "./secret.ts";

/** How long a challenge is valid, in ms: clients answer immediately. */
export const CHALLENGE_LIFE_MS = 60_000; // 60 seconds

/** Bytes of a challenge, sent as hex digits; clients take at most 16 printable ASCII characters. */
export const CHALLENGE_BYTES = 8;

export interface Login extends LoginFields {
  readonly digest: string;
}

const MEMBERS = ["app", "domain", "sip", "guid", "dn", "digest"] as const;

/** Reads an AppLogin. An absent member is the empty string; fails with the name of a member that is not a string. */
export function parseLogin(frame: Frame): Result<Login, string> {
  const wrong = MEMBERS.find((name) => frame.values.has(name) && stringOf(frame, name) === undefined);
  if (wrong !== undefined) return fail(wrong);
  const text = (name: (typeof MEMBERS)[number]) => stringOf(frame, name) ?? "";
  return ok({
    app: text("app"),
    domain: text("domain"),
    sip: text("sip"),
    guid: text("guid"),
    dn: text("dn"),
    digest: text("digest"),
    info: frame.values.get("info"),
  });
}

/** What is known about the account that wants to log in. */
export interface PbxSecrets {
  /** Secrets of the account itself; if there are any, only they are valid. */
  readonly own: AccountSecrets | undefined;
  /** Secrets of the domain that covers the account. */
  readonly domain: AccountSecrets | undefined;
  /** False if the domain or the account is unknown or suspended. */
  readonly active: boolean;
  /** Key of the row whose secrets are valid. */
  readonly holder: string;
  /** Ids of those that a PBX has logged in with. */
  readonly used: readonly string[];
}

/** Stands in for a missing secret, so that an unknown account takes as long as a wrong secret. */
const NOBODY: Secret = { id: "", secret: "\0no such account", issuedAt: 0 };

/**
 * The secret that the digest proves. Always computes three digests, known account or not: of the current secret and two
 * replaced ones.
 *
 * @param now Unix ms
 */
export function provenSecret(
  login: Login,
  challenge: string,
  credentials: PbxSecrets,
  now: number,
): Result<Secret, LoginProblem> {
  const secrets = credentials.own ?? credentials.domain;
  const candidates = [secrets?.current ?? NOBODY, secrets?.previous ?? NOBODY, secrets?.earlier ?? NOBODY];
  const index = matchDigest(
    login,
    challenge,
    login.digest,
    candidates.map((candidate) => candidate.secret),
  );
  const proven = candidates[index];
  if (secrets === undefined) return fail("unknown");
  if (proven === undefined || proven === NOBODY) return fail("wrong-password");
  const old = olderOf(secrets).find((each) => each === proven);
  if (old !== undefined && old.validUntil <= now) return fail("old-password");
  return credentials.active ? ok(proven) : fail("suspended");
}
