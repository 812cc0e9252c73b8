import type { Actor, Change, Issuing, Refusal } from "../../core/domains/change.ts";
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
import { deciding, type Decide } from "../domains/commit-change.ts";
import { recordOf, type RecordPorts } from "../domains/check-claim-record.ts";
import type { Watching } from "../domains/close-connections.ts";

export interface OperatingPorts extends RecordPorts {
  readonly domains: Domains;
  readonly registrations: Pick<Registrations, "waiting" | "queueAgain">;
  readonly suppressions: Pick<Suppressions, "remove">;
  readonly mailQueue: MailQueue;
  readonly noticeQueue: NoticeQueue;
  readonly sweeps: Sweeps;
  readonly watching: Pick<Watching, "sweep" | "disconnect">;
  readonly clock: Clock;
  readonly random: Random;
}

/** The one time that a secret is shown. */
export interface Issued {
  readonly domain: Domain;
  readonly secret: string;
}

type Outcome<T> = Promise<Result<T, Refusal | "conflict">>;

/**
 * The operator's verbs, each by account key (docs/ownership.md). What is closed is closed at once, and the owner is told
 * by mail. All throw DependencyError.
 */
export interface Operating {
  /** @param request.owner key of the owner's address; without one nobody can register the domain by e-mail */
  add(request: Omit<Parameters<typeof add>[1], "actor" | "covering">, actor: Actor): Outcome<Issued>;
  /** A new secret, at once and alone. */
  replace(key: string, actor: Actor, secret?: string): Outcome<Issued>;
  /** The old secret counts no more. */
  endOld(key: string, actor: Actor): Outcome<Domain>;
  suspend(key: string, actor: Actor): Outcome<Domain>;
  resume(key: string, actor: Actor): Outcome<Domain>;
  remove(key: string, actor: Actor): Outcome<undefined>;
  /** To another address, with a new secret that nobody has seen. */
  transfer(key: string, to: string, actor: Actor): Outcome<Domain>;
  /** In the owner's name. */
  object(key: string, actor: Actor): Outcome<Domain>;
  /**
   * Gives a claimed domain to its claimant, with a new secret that nobody has seen, or leaves it where it is. Gives it only
   * while the record that made the claim is there: `unproven`.
   */
  decide(key: string, decision: "grant" | "deny", actor: Actor): Outcome<Domain>;
  /** Ends its connections; they may come back. Says how many there were. */
  disconnect(key: string, actor: Actor): Outcome<number>;
  /** Sends the mails of its registrations that wait for confirmation once more, within the limits; says how many. */
  resend(key: string, actor: Actor): Promise<number>;
  /** Lets an address get mails again; false if nothing kept it from that. It stands in the address's own history. */
  allowMail(address: string, actor: Actor): Promise<boolean>;
}

export function operating(ports: OperatingPorts): Operating {
  const { domains, registrations, suppressions, mailQueue, watching, clock, random, telemetry } = ports;
  const step = deciding(ports, (domain) => watching.sweep(domain));
  const moment = () => ({ now: clock.now(), bytes: random.bytes(SECRET_BYTES) });

  function report(key: string, action: string, actor: Actor): void {
    telemetry.metric("Admin", 1, { outcome: action });
    telemetry.log("info", "operator", { account: key, action, actor: withoutAddresses(actor) });
  }

  async function carryOut<C extends Change>(key: string, decide: Decide<C>): Outcome<C> {
    const done = await step(key, decide, (change) => change);
    if (done.ok) report(key, done.value.action, done.value.actor);
    return done;
  }

  async function coveringOf(key: string): Promise<Domain | undefined> {
    const { account, domain } = accountKey(key);
    return account === domain ? undefined : domains.find(domain);
  }

  async function grantProven(domain: Domain | undefined, actor: Actor): Promise<Result<Issuing, Refusal>> {
    const granted = grant(domain, actor, moment());
    if (!granted.ok || domain === undefined) return granted;
    return (await recordOf(ports, domain)) === "found" ? granted : fail("unproven");
  }

  async function issued(result: Outcome<Issuing>): Outcome<Issued> {
    const done = await result;
    return done.ok ? ok({ domain: done.value.after, secret: done.value.secrets.current.secret }) : done;
  }

  async function written(result: Outcome<Change & { readonly after: Domain }>): Outcome<Domain> {
    const done = await result;
    return done.ok ? ok(done.value.after) : done;
  }

  return {
    add: (request, actor) =>
      issued(carryOut(request.key, async (before) => add(before, { ...request, actor, covering: await coveringOf(request.key) }, moment()))),
    replace: (key, actor, secret) => issued(carryOut(key, (before) => rekey(before, actor, moment(), secret))),
    endOld: (key, actor) => written(carryOut(key, (before) => endOldSecret(before, { actor }, clock.now()))),
    suspend: (key, actor) => written(carryOut(key, (before) => setState(before, "suspended", actor, clock.now()))),
    resume: (key, actor) => written(carryOut(key, (before) => setState(before, "active", actor, clock.now()))),
    transfer: (key, to, actor) => written(carryOut(key, (before) => transfer(before, { to, actor }, moment()))),
    object: (key, actor) => written(carryOut(key, (before) => object(before, { actor }, clock.now()))),

    async decide(key, decision, actor) {
      if (decision === "grant") return written(carryOut(key, (before) => grantProven(before, actor)));
      return written(carryOut(key, (before) => deny(before, actor, clock.now())));
    },

    async remove(key, actor) {
      const removed = await carryOut(key, (before) => remove(before, actor, clock.now()));
      return removed.ok ? ok(undefined) : removed;
    },

    async disconnect(key, actor) {
      const noted = await carryOut(key, (before) => disconnect(before, actor, clock.now()));
      return noted.ok ? ok(await watching.disconnect(key)) : noted;
    },

    async resend(key, actor) {
      const now = clock.now();
      const found = await registrations.waiting(key, now);
      const again = await Promise.all(found.map(({ id }) => registrations.queueAgain(id, now)));
      const queued = again.flatMap((registration) => registration ?? []);
      await Promise.all(queued.map(({ id }) => mailQueue.registration(id)));
      await domains.note(key, { at: now, action: "resent", actor, detail: `${queued.length} mails` });
      report(key, "resent", actor);
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
