import type { Change, Refusal } from "../core/change.ts";
import { isProvisional, type Claim, type Domain } from "../core/domain.ts";
import type { EmailAddress } from "../core/email.ts";
import type { Limits } from "../core/limits.ts";
import { accountKey } from "../core/names.ts";
import type { Visitor } from "../core/notice.ts";
import {
  askMove,
  cancelMove,
  claimOf,
  confirmMove,
  endOldSecret,
  moveOf,
  object,
  prove,
  release,
  replaceByOwner,
} from "../core/ownership.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { SECRET_BYTES, type SecretMarks } from "../core/secrets.ts";
import { TXT_BYTES, TXT_LIFE, txtName, txtValue } from "../core/txt-proof.ts";
import type { Clock, Random } from "../ports/clock.ts";
import type { Counters } from "../ports/counters.ts";
import type { Domains, SecretsReader } from "../ports/domains.ts";
import { DependencyError } from "../ports/errors.ts";
import type { NoticeQueue } from "../ports/notices.ts";
import type { TxtRecords, TxtValues } from "../ports/proofs.ts";
import type { LoggedInConnection, Sockets, Sweeps } from "../ports/sockets.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { deciding, type Decide } from "./changing.ts";
import { concerns } from "./watching.ts";

export interface OwningPorts {
  readonly domains: Domains;
  readonly secrets: SecretsReader;
  readonly sockets: Pick<Sockets, "ofDomain">;
  readonly sweeps: Sweeps;
  readonly noticeQueue: NoticeQueue;
  readonly txtValues: TxtValues;
  readonly txtRecords: TxtRecords;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly limits: Pick<Limits, "proofsPerAddressPerHour">;
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
      readonly connections: readonly LoggedInConnection[];
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
  | { readonly role: "stranger"; readonly domain: string; readonly challenge: Challenge };

/** What a check of the TXT record led to. */
export type Proved =
  /** The record is not there (yet), or holds something else. */
  | { readonly kind: "missing"; readonly challenge: Challenge }
  /** The name servers did not answer. */
  | { readonly kind: "unreachable"; readonly challenge: Challenge }
  /** One's own provisional domain is proven now. */
  | { readonly kind: "proven" }
  /** Another's provisional registration gave way: the domain and this new secret are the visitor's. */
  | { readonly kind: "taken"; readonly password: string }
  /** The domain is another's, proven: they have been told and may object. */
  | { readonly kind: "claimed"; readonly claim: ClaimSeen }
  /** Nobody has the domain: it can be registered by the Connect window. */
  | { readonly kind: "free" };

/**
 * - `not-yours`: not for this visitor (any more) · `suspended`: the operator has suspended the domain
 * - `claimed`: another claim is under way · `nothing`: there is no such claim, change or old secret
 * - `same`: that is so already · `limited`: too often, try again later
 * - `conflict`: somebody changed the domain meanwhile, please try again
 */
export type OwnerRefusal = "not-yours" | "suspended" | "claimed" | "nothing" | "same" | "limited" | "conflict";

type Outcome<T> = Promise<Result<T, OwnerRefusal>>;

/**
 * What a visitor may do, who has shown to read the mail of an address (docs/ownership.md). Everything that changes a
 * domain is told to its owner by mail. All throw DependencyError.
 */
export interface Owning {
  look(visitor: Visitor): Promise<Seen>;
  /**
   * Owner: a new secret, told once; the old one counts for another seven days.
   * @param replaces id of the present one as the owner saw it; `same` if it has been replaced since
   */
  replaceSecret(visitor: Visitor, replaces: string): Outcome<{ readonly password: string }>;
  /** Owner: the old secret counts no more. */
  endOldSecret(visitor: Visitor): Outcome<undefined>;
  /** Owner: asks the new address to confirm; nothing changes until it does. */
  changeAddress(visitor: Visitor, to: EmailAddress): Outcome<{ readonly expiresAt: number }>;
  /** Owner: takes that back. */
  cancelChange(visitor: Visitor): Outcome<undefined>;
  /** Successor: from now on the domain is theirs; its secret stays. */
  confirmAddress(visitor: Visitor): Outcome<undefined>;
  /** Owner: the domain is free, its secrets are gone, its PBXes are disconnected. */
  release(visitor: Visitor): Outcome<undefined>;
  /** Owner: does not agree to the claim; the operator decides. */
  object(visitor: Visitor): Outcome<undefined>;
  /** Anybody: looks for the TXT record (at most a few seconds) and draws the consequence. */
  prove(visitor: Visitor): Outcome<Proved>;
}

const HOUR = 3_600_000;

export function owning(ports: OwningPorts): Owning {
  const { domains, secrets, clock, random, telemetry } = ports;
  const decideOn = deciding(ports);
  const moment = () => ({ now: clock.now(), bytes: random.bytes(SECRET_BYTES) });

  async function carryOut<T>({ domain: account }: Visitor, decide: Decide<T>, changeOf: (decided: T) => Change | undefined): Outcome<T> {
    const done = await decideOn(account, decide, changeOf);
    if (!done.ok) return fail(refusals[done.error]);
    const action = changeOf(done.value)?.action;
    if (action !== undefined) {
      telemetry.metric("Ownership", 1, { outcome: action });
      telemetry.log("info", "ownership", { account, action });
    }
    return done;
  }

  const step = async (visitor: Visitor, decide: Decide<Change>): Outcome<undefined> => {
    const done = await carryOut(visitor, decide, (change) => change);
    return done.ok ? ok(undefined) : done;
  };

  const challengeFor = (visitor: Visitor) => challenge(ports, visitor);

  return {
    async look(visitor) {
      const { domain: key, emailKey } = visitor;
      const domain = await domains.find(key);
      const now = clock.now();
      const claim = claimOf(domain, now);
      const move = moveOf(domain, now);
      if (domain?.owner === emailKey) return ownersView(ports, visitor, domain, now);
      if (move?.to === emailKey) return { role: "successor", domain: key, expiresAt: move.expiresAt };
      if (claim?.claimant === emailKey) return claimantsView(key, claim);
      return { role: "stranger", domain: key, challenge: await challengeFor(visitor) };
    },

    async replaceSecret(visitor, replaces) {
      const decide = async (domain: Domain | undefined) =>
        replaceByOwner({ domain, secrets: await secrets.find(visitor.domain) }, visitor, replaces, moment());
      const done = await carryOut(visitor, decide, (change) => change);
      return done.ok ? ok({ password: done.value.secrets.current.secret }) : done;
    },

    endOldSecret: ({ domain: key, emailKey }) =>
      step({ domain: key, emailKey }, (domain) => endOldSecret(domain, { actor: "owner", emailKey }, clock.now())),

    async changeAddress(visitor, to) {
      const done = await carryOut(visitor, (domain) => askMove(domain, visitor, to.key, clock.now()), (change) => change);
      return done.ok ? ok({ expiresAt: done.value.after.move?.expiresAt ?? done.value.at }) : done;
    },
    cancelChange: (visitor) => step(visitor, (domain) => cancelMove(domain, visitor, clock.now())),
    confirmAddress: (visitor) => step(visitor, (domain) => confirmMove(domain, visitor, clock.now())),
    release: (visitor) => step(visitor, (domain) => release(domain, visitor, clock.now())),
    object: (visitor) =>
      step(visitor, (domain) => object(domain, { actor: "owner", emailKey: visitor.emailKey }, clock.now())),

    async prove(visitor) {
      const looked = await lookUp(ports, visitor);
      if (!looked.ok) return looked;
      const { found, challenge: asked } = looked.value;
      if (found !== "found") return ok({ kind: found, challenge: asked });
      if ((await domains.find(visitor.domain)) === undefined) return ok({ kind: "free" });
      const done = await carryOut(visitor, (domain) => prove(domain, visitor, asked.value, moment()), ({ change }) => change);
      if (!done.ok) return done;
      await ports.txtValues.end(visitor.domain, visitor.emailKey);
      const proved = done.value;
      if (proved.kind === "proven") return ok({ kind: "proven" });
      if (proved.kind === "claimed") return ok({ kind: "claimed", claim: seen(proved.claim) });
      return ok({ kind: "taken", password: proved.change.secrets.current.secret });
    },
  };
}

const seen = ({ claimant, madeAt, objectUntil, objectedAt }: Claim): ClaimSeen => ({
  claimant,
  madeAt,
  objectUntil,
  ...(objectedAt !== undefined && { objectedAt }),
});

/** What a visitor is told of a refusal: to a stranger an unknown domain and another's are the same. */
const refusals: Readonly<Record<Refusal | "conflict", OwnerRefusal>> = {
  conflict: "conflict",
  unknown: "not-yours",
  foreign: "not-yours",
  exists: "conflict",
  early: "conflict",
  unproven: "conflict",
  suspended: "suspended",
  claimed: "claimed",
  nothing: "nothing",
  same: "same",
};

/** The same value for the same visitor, until it has served or expired. */
async function challenge({ txtValues, clock, random }: OwningPorts, { domain, emailKey }: Visitor): Promise<Challenge> {
  const now = clock.now();
  const fresh = { value: txtValue(random.bytes(TXT_BYTES)), expiresAt: now + TXT_LIFE };
  return { name: txtName(domain), ...(await txtValues.current(domain, emailKey, fresh, now)) };
}

interface LookedUp {
  readonly found: "found" | "missing" | "unreachable";
  readonly challenge: Challenge;
}

async function lookUp(ports: OwningPorts, visitor: Visitor): Outcome<LookedUp> {
  const { counters, txtRecords, clock, telemetry, limits } = ports;
  const most = limits.proofsPerAddressPerHour;
  const allowance = { name: "proofs-address", subject: visitor.emailKey, most, window: HOUR };
  const { exceeded } = await counters.take([allowance], clock.now());
  if (exceeded !== undefined) {
    telemetry.metric("Limited", 1, { outcome: exceeded });
    return fail("limited");
  }
  const asked = await challenge(ports, visitor);
  try {
    const found = (await txtRecords.find(asked.name)).includes(asked.value) ? "found" : "missing";
    return ok({ found, challenge: asked });
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("warn", "name servers do not answer", { account: visitor.domain, error: error.message });
    return ok({ found: "unreachable", challenge: asked });
  }
}

function claimantsView(domain: string, claim: Claim): Seen {
  const { value } = claim;
  return { role: "claimant", domain, claim: seen(claim), ...(value !== undefined && { record: { name: txtName(domain), value } }) };
}

async function ownersView(ports: OwningPorts, visitor: Visitor, domain: Domain, now: number): Promise<Seen> {
  const { key, state, secrets, move } = domain;
  const claim = claimOf(domain, now);
  const provisional = isProvisional(domain);
  const [connections, accounts] = await Promise.all([
    ports.sockets.ofDomain(accountKey(key).domain),
    key.includes("/") ? [] : ports.domains.accountsOf(key),
  ]);
  return {
    role: "owner",
    domain: key,
    state,
    standing: provisional ? "provisional" : "proven",
    secrets,
    connections: connections.filter(({ login }) => concerns(login, key)),
    accounts: accounts.map(({ key: account, state: its, createdAt }) => ({ key: account, state: its, createdAt })),
    ...(move !== undefined && move.expiresAt > now && { change: { to: move.to, expiresAt: move.expiresAt } }),
    ...(claim !== undefined && { claim: seen(claim) }),
    ...(provisional && { challenge: await challenge(ports, visitor) }),
  };
}
