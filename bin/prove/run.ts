import type { Api } from "../admin/api.ts";
import type { Means } from "./means.ts";
import { proofs } from "./proofs.ts";
import { unprovenRows } from "./rows.ts";
import { operatorOf, temporaryAccount, type Login, type Target, type TemporaryAccount } from "./target.ts";
import { notTried, type Verdict } from "./verdict.ts";

export interface Outcome extends Verdict {
  readonly id: string;
}

export interface Options {
  readonly target: Target;
  /** Without one, an account is set up by the operator's API and deleted at the end. */
  readonly login?: Login;
  readonly idleMs?: number;
}

/** Tries every row of docs/unproven.md that a program can try, in its order; the slow ones side by side. Never rejects. */
export async function prove({ target, login, idleMs }: Options): Promise<readonly Outcome[]> {
  const operator = operatorOf(target);
  const temporary = login === undefined && operator !== undefined ? await setUp(operator) : {};
  const who = login ?? temporary.account;
  const means: Means = {
    target,
    ...(who && { login: who }),
    ...(temporary.problem !== undefined && { noLogin: temporary.problem }),
    ...(operator && { operator }),
    ...(idleMs !== undefined && { idleMs }),
  };
  try {
    const slow = ["ping-idle", "keepalive-idle"];
    const started = new Map(slow.map((id) => [id, attempt(id, means)]));
    const outcomes: Outcome[] = [];
    for (const { id } of unprovenRows()) outcomes.push({ id, ...(await (started.get(id) ?? attempt(id, means))) });
    return outcomes;
  } finally {
    await temporary.account?.remove().catch(() => undefined);
  }
}

async function setUp(operator: Api): Promise<{ readonly account?: TemporaryAccount; readonly problem?: string }> {
  try {
    return { account: await temporaryAccount(operator) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

async function attempt(id: string, means: Means): Promise<Verdict> {
  const proof = proofs[id];
  if (proof === undefined) return notTried("by hand: the command is in docs/unproven.md");
  try {
    return await proof(means);
  } catch (error) {
    return notTried((error as Error).message);
  }
}

/** 0: something is proven and nothing refuted; 1: something is refuted; 3: nothing could be tried. */
export function exitCode(outcomes: readonly Outcome[]): 0 | 1 | 3 {
  if (outcomes.some(({ verdict }) => verdict === "refuted")) return 1;
  return outcomes.some(({ verdict }) => verdict === "proven") ? 0 : 3;
}
