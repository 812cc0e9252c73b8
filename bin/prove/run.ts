import type { Api } from "../admin/api.ts";
import type { Login } from "../story/world.ts";
import { proofs } from "./proofs/proofs.ts";
import { unprovenRows } from "./rows.ts";
import { storyOf, type ToldStep } from "./story.ts";
import { operatorOf, temporaryAccount, type Target, type TemporaryAccount } from "./target.ts";
import { notTried, type Means, type Verdict } from "./means.ts";

export interface Outcome extends Verdict {
  readonly id: string;
}

export interface Options {
  readonly target: Target;
  /** Without one, an account is set up by the operator's API and deleted at the end. */
  readonly login?: Login;
  readonly idleMs?: number;
  /** How long to wait for events and logs of AWS, in ms. */
  readonly patienceMs?: number;
}

export interface Proved {
  readonly outcomes: readonly Outcome[];
  /** The story in order, up to the step that failed; what a stage cannot show is named as not tried. */
  readonly story: readonly ToldStep[];
  /** What went wrong around the proofs, in words for people: an account that could not be set up, or not deleted. */
  readonly problems: readonly string[];
}

/** Tried first: if one is refuted, no push or email works. */
const RIGHTS: ReadonlySet<string> = new Set(["sns-rights", "ses-rights", "disabled-publish", "leading-keys"]);
const SLOW = ["ping-idle", "keepalive-idle"];
const PATIENCE_MS = 120_000; // 2 minutes

/**
 * Tries every row of docs/unproven.md that a program can try: rights first, then in its order, the slow ones side by side.
 * Never rejects.
 */
export async function prove({ target, login, idleMs, patienceMs = PATIENCE_MS }: Options): Promise<Proved> {
  const problems: string[] = [];
  const operator = operatorOf(target);
  const temporary = login === undefined && operator !== undefined ? await setUp(operator) : {};
  if (temporary.problem !== undefined) problems.push(`no account could be set up for the proofs: ${temporary.problem}`);
  const who = login ?? temporary.account;
  const means: Means = {
    target,
    patienceMs,
    ...(who && { login: who }),
    ...(temporary.problem !== undefined && { noLogin: temporary.problem }),
    ...(operator && { operator }),
    ...(idleMs !== undefined && { idleMs }),
  };
  try {
    const started = new Map(SLOW.map((id) => [id, attempt(id, means)]));
    const outcomes: Outcome[] = [];
    for (const id of inOrder()) outcomes.push({ id, ...(await (started.get(id) ?? attempt(id, means))) });
    return { outcomes, story: await storyOf(means), problems };
  } finally {
    await temporary.account?.remove().catch((error: unknown) => {
      problems.push(`the account ${temporary.account?.account ?? ""} was not deleted: ${(error as Error).message}`);
    });
  }
}

function inOrder(): readonly string[] {
  const ids = unprovenRows().map(({ id }) => id);
  return [...ids.filter((id) => RIGHTS.has(id)), ...ids.filter((id) => !RIGHTS.has(id))];
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
export function exitCode(outcomes: readonly Verdict[]): 0 | 1 | 3 {
  if (outcomes.some(({ verdict }) => verdict === "refuted")) return 1;
  return outcomes.some(({ verdict }) => verdict === "proven") ? 0 : 3;
}
