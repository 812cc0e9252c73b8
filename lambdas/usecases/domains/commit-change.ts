import { endsLogins, named, type Change, type RuleViolation } from "../../core/domains/change.ts";
import type { Domain } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import { fail, type Result } from "../../core/shared/result.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Confirmation, Domains, NoticeQueue } from "../../ports/domains.ts";
import type { Sweeps } from "../../ports/pbx.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface CommitPorts {
  readonly domains: Pick<Domains, "commit">;
  readonly noticeQueue: NoticeQueue;
  readonly sweeps: Sweeps;
  readonly telemetry: Telemetry;
}

export type Commit = (change: Change, confirmation?: Confirmation) => Promise<"stored" | "conflict">;

/** By then, in s, a change and a login under way have been written. */
const LATER_S = 15;

/**
 * Stores a change, sends its notices and closes connections that it no longer allows. These two are first queued for
 * later, so that they happen even if we fail; after the commit they are queued, or done, immediately. Throws
 * DependencyError: nothing was changed, or it is not known.
 *
 * @param closeNow closes a domain's connections that are no longer allowed
 */
export function commitChange(ports: CommitPorts, closeNow?: (domain: string) => Promise<unknown>): Commit {
  const { domains, noticeQueue, sweeps, telemetry } = ports;
  const close = closeNow ?? ((domain) => sweeps.sweep(domain, 0));

  return async (change, confirmation) => {
    const mails = named(change).map(([id]) => id);
    const { domain } = accountKey(change.account);
    const ends = endsLogins(change);
    await Promise.all(mails.map((id) => noticeQueue.notice(id, LATER_S)));
    if (ends) await sweeps.sweep(domain, LATER_S);
    if ((await domains.commit(change, confirmation)) === "conflict") return "conflict";
    const now = await Promise.allSettled([
      ...mails.map((id) => noticeQueue.notice(id, 0)),
      ...(ends ? [close(domain)] : []),
    ]);
    for (const outcome of now) {
      if (outcome.status === "fulfilled") continue;
      const reason: unknown = outcome.reason;
      if (!(reason instanceof DependencyError)) throw reason;
      telemetry.log("warn", "change stored, its consequences follow later", {
        account: change.account,
        error: reason.message,
      });
    }
    return "stored";
  };
}

/** Others may change the same domain between our read and our write; each conflict means that one of them succeeded. */
export const ATTEMPTS = 5;

/** A decision about the domain as it is: a rule violation, or what it leads to. */
export type Decide<T> = (domain: Domain | undefined) => Promise<Result<T, RuleViolation>> | Result<T, RuleViolation>;

/** Reads a domain, decides and stores; starts over after a conflict. A decision without a change is the answer. */
export function decideAndCommit(
  ports: CommitPorts & { readonly domains: Domains },
  closeNow?: (domain: string) => Promise<unknown>,
) {
  const commit = commitChange(ports, closeNow);
  return async <T>(
    account: string,
    decide: Decide<T>,
    changeOf: (decided: T) => Change | undefined,
  ): Promise<Result<T, RuleViolation | "conflict">> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const decided = await decide(await ports.domains.find(account));
      if (!decided.ok) return decided;
      const change = changeOf(decided.value);
      if (change === undefined || (await commit(change)) === "stored") return decided;
    }
    return fail("conflict");
  };
}
