import type { Actor, Change, IssuingChange, RuleViolation } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { add, disconnect, rekey, remove, setState, transfer } from "../../core/domains/domains.ts";
import { withoutAddresses } from "../../core/shared/email.ts";
import { accountKey } from "../../core/shared/names.ts";
import { deny, endOldSecret, grant, object } from "../../core/domains/ownership.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import { SECRET_BYTES } from "../../core/domains/secrets.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { Domains, NoticeQueue } from "../../ports/domains.ts";
import type { MailQueue, Suppressions } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import type { Sweeps } from "../../ports/pbx.ts";
import { decideAndCommit, type Decide } from "../domains/commit-change.ts";
import { recordOf, type RecordPorts } from "../domains/look-up-record.ts";
import type { ConnectionCloser } from "../domains/close-connections.ts";

export interface OperatorPorts extends RecordPorts {
  readonly domains: Domains;
  readonly registrations: Pick<Registrations, "waiting" | "queueAgain">;
  readonly suppressions: Pick<Suppressions, "remove">;
  readonly mailQueue: MailQueue;
  readonly noticeQueue: NoticeQueue;
  readonly sweeps: Sweeps;
  readonly connections: Pick<ConnectionCloser, "sweep" | "disconnect">;
  readonly clock: Clock;
  readonly random: Random;
}

/** A new secret, which is shown only this once. */
export interface Issued {
  readonly domain: Domain;
  readonly secret: string;
}

type Outcome<T> = Promise<Result<T, RuleViolation | "conflict">>;

/**
 * The operator's commands, each for an account key (docs/ownership.md). Connections are closed immediately, and the
 * owner gets a notice. All throw DependencyError.
 */
export interface OperatorCommands {
  /** @param request.owner key of the owner's address; without one the domain cannot be registered by email */
  add(request: Omit<Parameters<typeof add>[1], "actor" | "covering">, actor: Actor): Outcome<Issued>;
  /** A new secret; the old one is no longer valid. */
  replace(account: string, actor: Actor, secret?: string): Outcome<Issued>;
  /** The old secret is no longer valid. */
  endOld(account: string, actor: Actor): Outcome<Domain>;
  suspend(account: string, actor: Actor): Outcome<Domain>;
  resume(account: string, actor: Actor): Outcome<Domain>;
  remove(account: string, actor: Actor): Outcome<undefined>;
  /**
   * To another address, with a new secret nobody has seen; an account given to its domain's owner becomes part of it.
   */
  transfer(account: string, to: string, actor: Actor): Outcome<Domain>;
  /** Objects in the owner's name. */
  object(account: string, actor: Actor): Outcome<Domain>;
  /**
   * Gives a claimed domain to its claimant, with a new secret that nobody has seen, or denies the claim. Gives it only
   * while the record behind the claim is there, else `unproven`.
   */
  decide(account: string, decision: "grant" | "deny", actor: Actor): Outcome<Domain>;
  /** Closes its connections, which may come back. Returns how many there were. */
  disconnect(account: string, actor: Actor): Outcome<number>;
  /** Sends the emails of its registrations that wait for confirmation again, within the limits; returns how many. */
  resend(account: string, actor: Actor): Promise<number>;
  /** Lets an address get emails again; false if it was not suppressed. Recorded in the address's own history. */
  allowMail(address: string, actor: Actor): Promise<boolean>;
}

export function operatorCommands(ports: OperatorPorts): OperatorCommands {
  const { domains, registrations, suppressions, mailQueue, connections, clock, random, telemetry } = ports;
  const step = decideAndCommit(ports, (domain) => connections.sweep(domain));
  const moment = () => ({ now: clock.now(), bytes: random.bytes(SECRET_BYTES) });

  function report(account: string, action: string, actor: Actor): void {
    telemetry.metric("Admin", 1, { outcome: action });
    telemetry.log("info", "operator", { account, action, actor: withoutAddresses(actor) });
  }

  async function carryOut<C extends Change>(account: string, decide: Decide<C>): Outcome<C> {
    const done = await step(account, decide, (change) => change);
    if (done.ok) report(account, done.value.action, done.value.actor);
    return done;
  }

  async function coveringOf(key: string): Promise<Domain | undefined> {
    const { account, domain } = accountKey(key);
    return account === domain ? undefined : domains.find(domain);
  }

  async function grantProven(domain: Domain | undefined, actor: Actor): Promise<Result<IssuingChange, RuleViolation>> {
    const granted = grant(domain, actor, moment());
    if (!granted.ok || domain === undefined) return granted;
    return (await recordOf(ports, domain)) === "found" ? granted : fail("unproven");
  }

  async function issued(result: Outcome<IssuingChange>): Outcome<Issued> {
    const done = await result;
    return done.ok ? ok({ domain: done.value.after, secret: done.value.secrets.current.secret }) : done;
  }

  async function written(result: Outcome<Change & { readonly after: Domain }>): Outcome<Domain> {
    const done = await result;
    return done.ok ? ok(done.value.after) : done;
  }

  return {
    add: (request, actor) =>
      issued(
        carryOut(request.account, async (before) =>
          add(before, { ...request, actor, covering: await coveringOf(request.account) }, moment()),
        ),
      ),
    replace: (account, actor, secret) => issued(carryOut(account, (before) => rekey(before, actor, moment(), secret))),
    endOld: (account, actor) => written(carryOut(account, (before) => endOldSecret(before, { actor }, clock.now()))),
    suspend: (account, actor) =>
      written(carryOut(account, (before) => setState(before, "suspended", actor, clock.now()))),
    resume: (account, actor) => written(carryOut(account, (before) => setState(before, "active", actor, clock.now()))),
    transfer: (account, to, actor) =>
      written(
        carryOut(account, async (before) =>
          transfer(before, { to, actor, covering: await coveringOf(account) }, moment()),
        ),
      ),
    object: (account, actor) => written(carryOut(account, (before) => object(before, { actor }, clock.now()))),

    async decide(account, decision, actor) {
      if (decision === "grant") return written(carryOut(account, (before) => grantProven(before, actor)));
      return written(carryOut(account, (before) => deny(before, actor, clock.now())));
    },

    async remove(account, actor) {
      const removed = await carryOut(account, (before) => remove(before, actor, clock.now()));
      return removed.ok ? ok(undefined) : removed;
    },

    async disconnect(account, actor) {
      const noted = await carryOut(account, (before) => disconnect(before, actor, clock.now()));
      return noted.ok ? ok(await connections.disconnect(account)) : noted;
    },

    async resend(account, actor) {
      const now = clock.now();
      const found = await registrations.waiting(account, now);
      const again = await Promise.all(found.map(({ id }) => registrations.queueAgain(id, now)));
      const queued = again.flatMap((registration) => registration ?? []);
      await Promise.all(queued.map(({ id }) => mailQueue.registration(id)));
      await domains.note(account, { at: now, action: "resent", actor, detail: `emails: ${queued.length}` });
      report(account, "resent", actor);
      return queued.length;
    },

    async allowMail(address, actor) {
      const removed = await suppressions.remove(address);
      if (!removed) return false;
      await domains.note(address, { at: clock.now(), action: "mail-allowed", actor });
      report("", "mail-allowed", actor);
      return true;
    },
  };
}
