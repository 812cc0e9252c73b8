import type { Change, RuleViolation } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import type { EmailAddress } from "../../core/shared/email.ts";
import { mailboxOf } from "../../core/shared/mailbox.ts";
import type { Challenge, RecordSeen } from "../../core/domains/proof/txt-proof.ts";
import { mayDo, type ClaimView, type DomainView, type LinkScope, type Visitor } from "../../core/domains/visitor.ts";
import {
  askMove,
  cancelMove,
  confirmMove,
  endOldSecret,
  object,
  prove,
  release,
  replaceByOwner,
} from "../../core/domains/ownership.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { SECRET_BYTES } from "../../core/domains/secrets.ts";
import type { SecretsReader, NoticeQueue, TxtRecords } from "../../ports/domains.ts";
import type { Sweeps } from "../../ports/pbx.ts";
import { decideAndCommit, type Decide } from "./commit-change.ts";
import { findName } from "./find-name.ts";
import { lookUpRecord } from "./look-up-record.ts";
import { allowHourly } from "../shared/hourly-limit.ts";
import { challengeFor, claimView, viewDomain, type OwnerViewPorts } from "./owner-view.ts";

export interface OwnerPorts extends OwnerViewPorts {
  readonly secrets: SecretsReader;
  readonly sweeps: Sweeps;
  readonly noticeQueue: NoticeQueue;
  readonly txtRecords: TxtRecords;
}

/** What a check of the TXT record led to. */
type ProofResult =
  /** The record is not there (yet), or holds something else. */
  | { readonly kind: "missing"; readonly challenge: Challenge }
  /** The name servers did not answer. */
  | { readonly kind: "unreachable"; readonly challenge: Challenge }
  /** The visitor's own provisional domain is now proven. */
  | { readonly kind: "proven" }
  /** It was provisionally registered to someone else: the domain and this new secret are now the visitor's. */
  | { readonly kind: "taken"; readonly password: string }
  /** The domain is someone else's and proven: they get a notice and may object. */
  | { readonly kind: "claimed"; readonly claim: ClaimView }
  /** Nobody has the domain: it can be registered in the Connect window. */
  | { readonly kind: "free" };

/**
 * - `not-yours`: not (or no longer) for this visitor · `suspended`: the operator has suspended the domain
 * - `claimed`: another claim is under way · `nothing`: there is no such claim, change or old secret
 * - `same`: already set that way · `limited`: too often, try again later
 * - `conflict`: the domain has changed in the meantime, please try again
 * - `scope`: the visitor's link is for something else
 */
export type OwnerError = "scope" | "not-yours" | "suspended" | "claimed" | "nothing" | "same" | "limited" | "conflict";

type Outcome<T> = Promise<Result<T, OwnerError>>;

/**
 * What a visitor may do to a domain (docs/ownership.md). The owner is notified of changes. All throw DependencyError.
 */
export interface OwnerCommands {
  view(visitor: Visitor): Promise<DomainView>;
  /** Owner: the same, with when the first 50 PBXes were last active (in a few seconds); `view` looks up only a few. */
  viewWithActivity(visitor: Visitor): Outcome<DomainView>;
  /**
   * Owner: a new secret, shown once; the old one is valid for another seven days.
   * @param replaces id of the current one as the owner saw it; `same` if it has been replaced since
   */
  replaceSecret(visitor: Visitor, replaces: string): Outcome<{ readonly password: string }>;
  /** Owner: the old secret is no longer valid. */
  endOldSecret(visitor: Visitor): Outcome<undefined>;
  /** Owner: asks the new address to confirm; nothing changes until it does. */
  changeAddress(visitor: Visitor, to: EmailAddress): Outcome<{ readonly expiresAt: number }>;
  /** Owner: cancels that. */
  cancelChange(visitor: Visitor): Outcome<undefined>;
  /** Successor: from now on the domain is theirs; its secret stays. */
  confirmAddress(visitor: Visitor): Outcome<undefined>;
  /** Owner: deletes the registration and its secrets, and disconnects its PBXes. */
  release(visitor: Visitor): Outcome<undefined>;
  /** Owner: objects to the claim; the operator decides. */
  object(visitor: Visitor): Outcome<undefined>;
  /** Anybody: what the DNS has at the record's name (in a few seconds); changes nothing. Counts as `prove`. */
  lookUpRecord(visitor: Visitor): Outcome<Challenge>;
  /** Anybody: looks up the TXT record (in a few seconds) and acts on it. */
  prove(visitor: Visitor): Outcome<ProofResult>;
}

type Steps = Omit<OwnerCommands, "view">;
type Step<Rest extends readonly unknown[], T> = (visitor: Visitor, ...rest: Rest) => Outcome<T>;

/** A step that the visitor's link must allow: this decides, whatever a page offers. */
const guarded =
  <Rest extends readonly unknown[], T>(take: Step<Rest, T>, scope?: LinkScope): Step<Rest, T> =>
  async (visitor, ...rest) =>
    mayDo(visitor, scope) ? take(visitor, ...rest) : fail("scope");

export function ownerCommands(ports: OwnerPorts): OwnerCommands {
  const step = steps(ports);
  return {
    view: (visitor) => viewDomain(ports, visitor, (pbxes) => mayAskFew(ports, visitor, pbxes)),
    viewWithActivity: guarded(step.viewWithActivity),
    replaceSecret: guarded(step.replaceSecret),
    endOldSecret: guarded(step.endOldSecret),
    changeAddress: guarded(step.changeAddress),
    cancelChange: guarded(step.cancelChange),
    confirmAddress: guarded(step.confirmAddress, "confirm"),
    release: guarded(step.release),
    object: guarded(step.object, "object"),
    lookUpRecord: guarded(step.lookUpRecord),
    prove: guarded(step.prove),
  };
}

/** The steps themselves, for visitors whose link lets them take each. */
function steps(ports: OwnerPorts): Steps {
  const { domains, secrets, clock, random, telemetry } = ports;
  const decideOn = decideAndCommit(ports);
  const moment = () => ({ now: clock.now(), bytes: random.bytes(SECRET_BYTES) });

  async function carryOut<T>(
    { account }: Visitor,
    decide: Decide<T>,
    changeOf: (decided: T) => Change | undefined,
  ): Outcome<T> {
    const done = await decideOn(account, decide, changeOf);
    if (!done.ok) return fail(ownerErrors[done.error]);
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

  return {
    async viewWithActivity(visitor) {
      if ((await domains.find(visitor.account))?.owner !== visitor.emailKey) return fail("not-yours");
      const allowed = await mayAsk(ports, visitor);
      return allowed ? ok(await viewDomain(ports, visitor, () => Promise.resolve(true))) : fail("limited");
    },

    async replaceSecret(visitor, replaces) {
      const decide = async (domain: Domain | undefined) =>
        replaceByOwner({ domain, secrets: await secrets.find(visitor.account) }, visitor, replaces, moment());
      const done = await carryOut(visitor, decide, (change) => change);
      return done.ok ? ok({ password: done.value.secrets.current.secret }) : done;
    },

    endOldSecret: ({ account, emailKey }) =>
      step({ account, emailKey }, (domain) => endOldSecret(domain, { actor: "owner", emailKey }, clock.now())),

    async changeAddress(visitor, to) {
      const decide = (domain: Domain | undefined) => askMove(domain, visitor, to.key, clock.now());
      const done = await carryOut(visitor, decide, (change) => change);
      return done.ok ? ok({ expiresAt: done.value.after.move?.expiresAt ?? done.value.at }) : done;
    },
    cancelChange: (visitor) => step(visitor, (domain) => cancelMove(domain, visitor, clock.now())),
    confirmAddress: (visitor) => step(visitor, (domain) => confirmMove(domain, visitor, clock.now())),
    release: (visitor) => step(visitor, (domain) => release(domain, visitor, clock.now())),
    object: (visitor) =>
      step(visitor, (domain) => object(domain, { actor: "owner", emailKey: visitor.emailKey }, clock.now())),

    lookUpRecord: (visitor) => lookUp(ports, visitor),

    async prove(visitor) {
      const looked = await lookUp(ports, visitor);
      if (!looked.ok) return looked;
      const asked = looked.value;
      const { kind } = asked.seen;
      if (kind !== "found") return ok({ kind, challenge: asked });
      const { domain, held = false } = await findName(domains, visitor.account);
      if (domain === undefined && !held) return ok({ kind: "free" });
      const done = await carryOut(
        visitor,
        (current) => prove({ domain: current, held }, visitor, asked.value, moment()),
        ({ change }) => change,
      );
      if (!done.ok) return done;
      await ports.txtValues.end(visitor.account, visitor.emailKey);
      const proved = done.value;
      if (proved.kind === "proven") return ok({ kind: "proven" });
      if (proved.kind === "claimed") return ok({ kind: "claimed", claim: claimView(proved.claim) });
      return ok({ kind: "taken", password: proved.change.secrets.current.secret });
    },
  };
}

/** What a visitor learns about a rule violation: an unknown domain and someone else's look the same. */
const ownerErrors: Readonly<Record<RuleViolation | "conflict", OwnerError>> = {
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

/** A page looks up by itself when its PBXes were last active if there are no more than this. */
const FEW = 10;

const mayAskFew = async (ports: OwnerPorts, visitor: Visitor, pbxes: number): Promise<boolean> =>
  pbxes > 0 && pbxes <= FEW && (await mayAsk(ports, visitor));

const mayAsk = (ports: OwnerPorts, { emailKey }: Visitor): Promise<boolean> =>
  allowHourly(ports, "activity-address", mailboxOf(emailKey), ports.limits.activityPerAddressPerHour);

async function lookUp(ports: OwnerPorts, visitor: Visitor): Outcome<Challenge & { readonly seen: RecordSeen }> {
  const subject = mailboxOf(visitor.emailKey);
  if (!(await allowHourly(ports, "proofs-address", subject, ports.limits.proofsPerAddressPerHour)))
    return fail("limited");
  const asked = await challengeFor(ports, visitor);
  const record = await lookUpRecord(ports, visitor.account, asked.value);
  return ok({ ...asked, seen: { ...record, at: ports.clock.now() } });
}
