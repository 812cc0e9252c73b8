import { AssertionError } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { isPbxError } from "../pbx/errors.ts";
import { runStory } from "../story/story.ts";
import { operatorBy } from "../story/world.ts";
import { notTried, proven, refuted, type Means, type Verdict } from "./means.ts";

/** One step of the story and what came of it. */
export interface ToldStep extends Verdict {
  readonly step: string;
}

/** Longest that it may take, in ms. */
const LONGEST_MS = 120_000;

/** The story of the demo, as far as a stage can show it. Never rejects. */
export async function storyOf({ target, login, operator }: Means): Promise<readonly ToldStep[]> {
  const told: ToldStep[] = [];
  const world = {
    url: target.url,
    pages: target.pagesUrl ?? target.url,
    domain: `prove-${randomBytes(6).toString("hex")}.invalid`,
    signal: AbortSignal.timeout(LONGEST_MS),
    ...(login && { login }),
    ...(operator && { operator: operatorBy(operator) }),
  };
  let failed = "";
  const listener = {
    step: async (step: string, work: () => Promise<string>) => {
      failed = step;
      told.push({ step, ...proven(await work()) });
    },
    leftOut: (step: string, why: string) => void told.push({ step, ...notTried(why) }),
  };
  await runStory(world, listener).catch((error: unknown) => told.push({ step: failed, ...judge(error as Error) }));
  return told;
}

/** Unexpected behaviour of the service refutes; a failure to reach it does not. */
const judge = (error: Error): Verdict =>
  error instanceof AssertionError || (isPbxError(error) && error.kind === "protocol")
    ? refuted(error.message)
    : notTried(error.message);
