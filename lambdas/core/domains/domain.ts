import type { Language } from "../shared/language.ts";
import type { SecretMarks } from "../pbx/secret.ts";
import { counts, withUse } from "./secrets.ts";

/**
 * What belongs to one account key: a domain, or an account of its own under one. Every rule about who may do what to
 * it stands in core/domains/domains.ts, ownership.ts and expiry.ts, as functions from the state before to a Change (core/domains/change.ts),
 * which the store commits as a whole or not at all (docs/ownership.md). Times in Unix ms.
 */
export interface Domain {
  /** Account key (core/shared/names.ts). */
  readonly account: string;
  readonly state: "active" | "suspended";
  /** Who set it up: its owner by email, or an operator. */
  readonly origin: "mail" | "operator";
  /** Key of the owner's email address, where emails go; an operator may set up a domain without one. */
  readonly owner?: string;
  readonly language?: Language;
  /** How the owner has shown a right to the name; one without is provisional: anyone who shows one gets it immediately. */
  readonly proof?: "address" | "dns" | "operator";
  readonly secrets: SecretMarks;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Grows with every change. A writer names its secret, too: a name that was registered again may have the same version. */
  readonly version: number;
  /** Version at which its present owner got it, or the operator set it up: tells one holding from the next. */
  readonly heldSince?: number;
  /** When the owner before handed it over, with its secret: what was before is not this owner's to see. */
  readonly ownerSince?: number;
  /** Of an account: `heldSince` of the domain that it is part of; absent where it is the operator's alone (accounts.ts). */
  readonly under?: number;
  /** Set by the first login of a PBX. */
  readonly firstLoginAt?: number;
  /** Announced to the owner: then it ends, unless a PBX logs in or its owner does something before. */
  readonly endsAt?: number;
  /** The owner wants another address, which has not confirmed yet. */
  readonly move?: Move;
  /** Someone who controls the DNS claims a domain that is not provisional. */
  readonly claim?: Claim;
}

/** Who has a name: its owner, if it is registered. */
export interface NameState {
  readonly domain: Domain | undefined;
  /** Nobody has registered it, but the operator has accounts under it: then it is the operator's. */
  readonly held?: boolean;
}

interface Move {
  /** Email key. */
  readonly to: string;
  readonly language?: Language;
  readonly expiresAt: number;
}

export interface Claim {
  /** Email key. */
  readonly claimant: string;
  readonly language?: Language;
  readonly madeAt: number;
  /** The owner may object until then; then, or when they have, the operator decides. */
  readonly objectUntil: number;
  readonly objectedAt?: number;
  /** The TXT record's text that made the claim: it is looked for again before the operator's grant counts. */
  readonly value?: string;
}

/** A provisional domain goes immediately to anyone who shows a right to its name. */
export const isProvisional = ({ owner, proof }: Domain): boolean => owner !== undefined && proof === undefined;

/**
 * The domain after a login with one of its secrets; undefined if that is no news. An end that was announced because
 * nobody had ever logged in is off the table.
 */
export function usedBy({ endsAt: _, ...domain }: Domain, secretId: string, at: number): Domain | undefined {
  const secrets = withUse(domain.secrets, secretId, at);
  return secrets && { ...domain, secrets, firstLoginAt: domain.firstLoginAt ?? at, version: domain.version + 1 };
}

/**
 * Whether a connection that logged in once may stay: the same rule as at login. The account's own row decides about the
 * secret if there is one, else the domain's; none of them may be suspended.
 *
 * @param secretId which secret the connection proved
 */
export function mayStay(
  account: Domain | undefined,
  domain: Domain | undefined,
  secretId: string,
  now: number,
): boolean {
  const holder = account ?? domain;
  if (holder === undefined || account?.state === "suspended" || domain?.state === "suspended") return false;
  return counts(holder.secrets, secretId, now);
}
