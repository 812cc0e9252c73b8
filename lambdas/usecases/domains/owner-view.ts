import { isProvisional, type Claim, type Domain } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import type { Visitor } from "../../core/domains/visitor.ts";
import { claimOf, moveOf } from "../../core/domains/ownership.ts";
import type { SecretMarks } from "../../core/domains/secrets.ts";
import { TXT_BYTES, TXT_LIFE, txtName, txtValue } from "../../core/domains/txt-proof.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Domains, TxtValues } from "../../ports/domains.ts";
import type { KeptRefusal, SocketActivity, Sockets } from "../../ports/pbx.ts";
import { refusalsOf, withActivity, type ShownConnection } from "../pbx/connection-details.ts";
import { concerns } from "./close-connections.ts";

export interface SeeingPorts {
  readonly domains: Domains;
  readonly sockets: Pick<Sockets, "ofDomain" | "refusedLogins"> & SocketActivity;
  readonly txtValues: TxtValues;
  readonly clock: Clock;
  readonly random: Random;
}

/** A TXT record that proves who commands the domain's DNS: bound to one visitor. Times in Unix ms. */
export interface Challenge {
  /** `_push-challenge.pbx.example.com` */
  readonly name: string;
  /** The record's text. */
  readonly value: string;
  readonly expiresAt: number;
}

/** A claim as both sides see it. Times in Unix ms. */
export interface ClaimSeen {
  /** E-mail key. */
  readonly claimant: string;
  readonly madeAt: number;
  /** Until then the owner may object; then the operator decides. */
  readonly objectUntil: number;
  readonly objectedAt?: number;
}

/** An account under a domain, as the domain's owner sees it. Times in Unix ms. */
export interface AccountSeen {
  readonly key: string;
  readonly state: "active" | "suspended";
  readonly createdAt: number;
}

/** What a visitor sees of the domain. A stranger learns nothing, not even whether it is registered. */
export type Seen =
  | {
      readonly role: "owner";
      readonly domain: string;
      readonly state: "active" | "suspended";
      /** Provisional: whoever proves the domain gets it at once. */
      readonly standing: "provisional" | "proven";
      readonly secrets: SecretMarks;
      /** Who is logged in; `login.secretId` tells with which secret. */
      readonly connections: readonly ShownConnection[];
      /** When that was asked for, `lastActiveAt` of the connections is from now. */
      readonly activity: boolean;
      /** The last refused logins of a week, newest first; most are of one's own PBXes, but anybody can try. */
      readonly refusals: readonly KeptRefusal[];
      /** Accounts under the domain with a secret of their own, which the operator has set up. */
      readonly accounts: readonly AccountSeen[];
      /** A change of address that waits for the new one. */
      readonly change?: { readonly to: string; readonly expiresAt: number };
      readonly claim?: ClaimSeen;
      /** For a provisional domain: how to prove it. */
      readonly challenge?: Challenge;
    }
  /** The new address of a change that waits for it. */
  | { readonly role: "successor"; readonly domain: string; readonly expiresAt: number }
  /** Who has claimed a proven domain. */
  | { readonly role: "claimant"; readonly domain: string; readonly claim: ClaimSeen; readonly record?: Omit<Challenge, "expiresAt"> }
  | { readonly role: "stranger"; readonly domain: string; readonly challenge: Challenge }
  /** The owner, by a link that is for objecting. */
  | { readonly role: "objector"; readonly domain: string; readonly claim: ClaimSeen }
  /** Anybody by a link whose one errand is done, or is theirs no more: it tells nothing of the domain. */
  | { readonly role: "served"; readonly domain: string };

/** More than these are of no use on a page; a few of every network are among them (core/pbx/refused-logins.ts). */
const REFUSALS = 100;

/**
 * The domain as this visitor may see it now. Throws DependencyError.
 *
 * @param activity asks when each socket was last heard of, of an owner's page
 */
export async function see(ports: SeeingPorts, visitor: Visitor, activity = false): Promise<Seen> {
  const { domain: key, emailKey, only } = visitor;
  const domain = await ports.domains.find(key);
  const now = ports.clock.now();
  const claim = claimOf(domain, now);
  const move = moveOf(domain, now);
  const isOwner = domain?.owner === emailKey;
  if (only === "object" && isOwner && claim !== undefined) return { role: "objector", domain: key, claim: claimSeen(claim) };
  if (isOwner && only === undefined) return ownersView(ports, visitor, domain, activity);
  if (move?.to === emailKey && only !== "object") return { role: "successor", domain: key, expiresAt: move.expiresAt };
  if (only !== undefined) return { role: "served", domain: key };
  if (claim?.claimant === emailKey) return claimantsView(key, claim);
  return { role: "stranger", domain: key, challenge: await challengeFor(ports, visitor) };
}

/** What is told of a claim; not the text of its record. */
export const claimSeen = ({ claimant, madeAt, objectUntil, objectedAt }: Claim): ClaimSeen => ({
  claimant,
  madeAt,
  objectUntil,
  ...(objectedAt !== undefined && { objectedAt }),
});

/** The same value for the same visitor, until it has served or expired. */
export async function challengeFor({ txtValues, clock, random }: SeeingPorts, { domain, emailKey }: Visitor): Promise<Challenge> {
  const now = clock.now();
  const fresh = { value: txtValue(random.bytes(TXT_BYTES)), expiresAt: now + TXT_LIFE };
  return { name: txtName(domain), ...(await txtValues.current(domain, emailKey, fresh, now)) };
}

function claimantsView(domain: string, claim: Claim): Seen {
  const { value } = claim;
  return { role: "claimant", domain, claim: claimSeen(claim), ...(value !== undefined && { record: { name: txtName(domain), value } }) };
}

async function ownersView(ports: SeeingPorts, visitor: Visitor, domain: Domain, activity: boolean): Promise<Seen> {
  const now = ports.clock.now();
  const { key, state, secrets, move } = domain;
  const claim = claimOf(domain, now);
  const provisional = isProvisional(domain);
  const [connections, refusals, accounts] = await Promise.all([
    ports.sockets.ofDomain(accountKey(key).domain),
    refusalsOf(ports.sockets, key, REFUSALS),
    key.includes("/") ? [] : ports.domains.accountsOf(key),
  ]);
  const own = connections.filter(({ login }) => concerns(login, key));
  return {
    role: "owner",
    domain: key,
    state,
    standing: provisional ? "provisional" : "proven",
    secrets,
    connections: activity ? await withActivity(ports.sockets, own) : own,
    activity,
    refusals,
    accounts: accounts.map(({ key: account, state: its, createdAt }) => ({ key: account, state: its, createdAt })),
    ...(move !== undefined && move.expiresAt > now && { change: { to: move.to, expiresAt: move.expiresAt } }),
    ...(claim !== undefined && { claim: claimSeen(claim) }),
    ...(provisional && { challenge: await challengeFor(ports, visitor) }),
  };
}
