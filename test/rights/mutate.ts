import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../bin/shared/failure.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { alterAssembly } from "../support/process/altered-assembly.ts";
import { EXEMPT, mutate, mutationsOf, type Mutation } from "./mutations.ts";
import { recordPolicies, type Recording } from "./recording.ts";
import { runStory } from "./story.ts";

/** Only ends what hangs: a run of the story takes about ten seconds. */
const LONGEST_MS = 240_000;

/**
 * Removes one right after another from the policies of roles, queues, topics, keys and functions. The story runs once and
 * is recorded; the mutated policies answer the same questions, and only where they refuse none does the story run again.
 * Returns 0 if each mutation was noticed.
 * @param only those whose policy's name contains the text
 */
export async function mutateRights({ only }: { readonly only: string }): Promise<0 | 1> {
  const all = await allMutations();
  const chosen = all.filter(({ policy }) => policy.includes(only));
  if (chosen.length === 0) throw new Failure("usage", `no policy's name contains "${only}"`, EXIT.usage);

  console.log(`${all.length} mutations; exempt by name:`);
  for (const { policy, about, because } of EXEMPT) console.log(`  ${policy.source}, ${about.source}: ${because}`);

  const recording = await recordStory();
  console.log(`the story asks the policies ${recording.asked()} different questions`);
  const survivors: string[] = [];
  for (const [index, mutation] of chosen.entries()) {
    const stopped = recording.refusedBy(mutation) ?? (await runUnder(mutation));
    const verdict = stopped === undefined ? "SURVIVED" : "red";
    console.log(
      `${index + 1}/${chosen.length} ${verdict}  ${mutation.title}${stopped === undefined ? "" : `\n    ${stopped}`}`,
    );
    if (stopped === undefined) survivors.push(mutation.title);
  }
  console.log(`${chosen.length - survivors.length} of ${chosen.length} were noticed`);
  return survivors.length === 0 ? 0 : 1;
}

/** Every mutation of every stack. */
export async function allMutations(): Promise<readonly Mutation[]> {
  const all: Mutation[] = [];
  const unaltered = await alterAssembly((template, stack) => {
    all.push(...mutationsOf(template, stack));
    return template;
  });
  rmSync(unaltered, { recursive: true });
  return all;
}

/** Runs the story with every right. Throws where it stops, or if a policy refuses anything. */
export async function recordStory(): Promise<Recording> {
  const recording = recordPolicies();
  let host: LocalHost | undefined;
  try {
    host = await startLocalHost({ port: 0, policyWatch: recording.policyWatch });
    await runStory(host);
    // If the recording were refused too, every mutation would seem to be noticed.
    const refused = host.refusals[0] ?? recording.refusedBy(undefined);
    if (refused !== undefined) throw new Error(`refused with every right: ${refused}`);
  } finally {
    await host?.stop();
  }
  return recording;
}

/** Where the story stops under a mutation; undefined if it comes to its end. */
async function runUnder(mutation: Mutation): Promise<string | undefined> {
  const assembly = await alterAssembly((template, stack) =>
    stack === mutation.stack ? mutate(template, mutation) : template,
  );
  const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "run-story.ts"), assembly], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  rmSync(assembly, { recursive: true });
  return code === 0 ? undefined : said.trim().split("\n")[0] || "the story hung";
}
