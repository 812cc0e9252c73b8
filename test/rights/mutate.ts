import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../bin/shared/failure.ts";
import { EXIT } from "../../bin/shared/terminal.ts";
import { alterAssembly } from "../support/process/altered-assembly.ts";
import { EXEMPT, mutate, mutationsOf, type Mutation } from "./mutations.ts";

/** Only ends what hangs: a run of the story takes about ten seconds. */
const LONGEST_MS = 240_000;
const DAY_MS = 86_400_000;

/**
 * Removes one right after another from the policies of roles, queues, topics, keys and functions, and runs the story each
 * time. Returns 0 if it failed each time. @param sample takes that many, spread evenly, others on another day
 * @param only those whose policy's name contains the text
 */
export async function mutateRights({
  sample,
  only,
}: {
  readonly sample?: number;
  readonly only: string;
}): Promise<0 | 1> {
  const all: Mutation[] = [];
  rmSync(
    await alterAssembly((template, stack) => {
      all.push(...mutationsOf(template, stack));
      return template;
    }),
    { recursive: true },
  );
  const named = all.filter(({ policy }) => policy.includes(only));
  if (named.length === 0) throw new Failure("usage", `no policy's name holds "${only}"`, EXIT.usage);
  const wanted = Math.min(sample ?? named.length, named.length);
  const shift = Math.floor(Date.now() / DAY_MS);
  const chosen = Array.from(
    { length: wanted },
    (_, index) => named[Math.floor(((index + (shift % 97) / 97) * named.length) / wanted)] as Mutation,
  );

  console.log(`${all.length} mutations; exempt by name:`);
  for (const { policy, about, because } of EXEMPT) console.log(`  ${policy.source}, ${about.source}: ${because}`);

  const survivors: string[] = [];
  const unbroken = await tell(undefined);
  if (unbroken !== undefined)
    throw new Error(`the story does not pass with every right, so runs with fewer would show nothing: ${unbroken}`);
  const waiting = [...chosen.entries()];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, mutation] = next;
      const stopped = await tell(mutation);
      console.log(
        `${index + 1}/${chosen.length} ${stopped === undefined ? "SURVIVED" : "red"}  ${mutation.title}${stopped === undefined ? "" : `\n    ${stopped}`}`,
      );
      if (stopped === undefined) survivors.push(mutation.title);
    }
  }
  await Promise.all([work(), work()]); // a run of the story waits more than it computes
  console.log(`${chosen.length - survivors.length} of ${chosen.length} made the story fail`);
  return survivors.length === 0 ? 0 : 1;
}

/** Where the story stopped under a mutation; undefined if it came to its end. */
async function tell(mutation: Mutation | undefined): Promise<string | undefined> {
  const assembly = await alterAssembly((template, stack) =>
    stack === mutation?.stack ? mutate(template, mutation) : template,
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
