import type { Language } from "../shared/language.ts";
import type { SecretMarks } from "../pbx/secret.ts";
import { counts, withUse } from "./secrets.ts";

/**
 * What is stored under one account key: a domain, or an account of its own under one. The rules about who may do what
 * to it are in domains.ts, ownership.ts and expiry.ts, as functions from the state before to a Change (change.ts),
 * which is stored completely or not at all (docs/ownership.md). Times in Unix ms.
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
  /** How the owner has shown a right to the name. Absent: provisional, so anyone who shows one gets it immediately. */
  readonly proof?: "address" | "dns" | "operator";
  readonly secrets: SecretMarks;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Grows with every change. Writes check the secret too: a name registered again may have the same version. */
  readonly version: number;
  /** Version at which its present owner got it, or the operator set it up: tells one holding from the next. */
  readonly heldSince?: number;
  /** When the former owner handed it over with its secret: this owner sees nothing from before then. */
  readonly ownerSince?: number;
  /** For an account: `heldSince` of the domain that it is part of; absent if it is the operator's (accounts.ts). */
  readonly under?: number;
  /** Set by the first login of a PBX. */
  readonly firstLoginAt?: number;
  /** The announced expiry: it ends then, unless a PBX logs in or its owner does something first. */
  readonly endsAt?: number;
  /** The owner wants to move it to another address, which has not confirmed yet. */
  readonly move?: Move;
  /** Someone who controls the DNS claims a domain that is not provisional. */
  readonly claim?: Claim;
}

/** Who has a name: its owner, if it is registered. */
export interface NameState {
  readonly domain: Domain | undefined;
  /** Not registered, but the operator has accounts under it, so the name is the operator's. */
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
  /** The owner may object until then. After that, or after an objection, the operator decides. */
  readonly objectUntil: number;
  readonly objectedAt?: number;
  /** Text of the TXT record behind the claim, which is looked up again before a grant. */
  readonly value?: string;
}

/** A provisional domain goes immediately to anyone who shows a right to its name. */
export const isProvisional = ({ owner, proof }: Domain): boolean => owner !== undefined && proof === undefined;

/** The domain after a login with one of its secrets; undefined if nothing changes. Cancels an announced expiry. */
export function usedBy({ endsAt: _, ...domain }: Domain, secretId: string, at: number): Domain | undefined {
  const secrets = withUse(domain.secrets, secretId, at);
  return secrets && { ...domain, secrets, firstLoginAt: domain.firstLoginAt ?? at, version: domain.version + 1 };
}

/**
 * Whether a logged-in connection may stay, by the same rule as at login: its secret is valid in the account's own row
 * or, if there is none, in the domain's, and neither is suspended.
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
