import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { ensureAssembly } from "../../local/synth.ts";
import { Failure, interruption, reasonOf } from "../shared/failure.ts";
import { runStory, type Listener } from "../story/story.ts";
import { hostOptions } from "./run.ts";
import { localWorld } from "./world.ts";

/** Runs the whole story on a host of its own, over real sockets. Throws a Failure at the first step that fails. */
export async function runDemo(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  let host: LocalHost | undefined;
  try {
    host = await begin(environment, ending.signal);
    await runStory(localWorld(host, ending.signal), inLines);
    console.log("\nThat is all of it. To look around: npm start, then open the Connect page it names.");
  } catch (error) {
    if (ending.signal.aborted) throw interruption();
    throw new Failure("demo", `The demo ended early: ${reasonOf(error)}`);
  } finally {
    await host?.stop();
  }
}

const chapter = (title: string) => console.log(`\n${title}`);

async function timed<T>(work: () => Promise<T>, tell: (result: T) => string): Promise<T> {
  const begun = performance.now();
  const result = await work();
  console.log(`${`${Math.round(performance.now() - begun)} ms`.padStart(9)}  ${tell(result)}`);
  return result;
}

/** Each step as one line with the time it took. */
const inLines: Listener = {
  chapter,
  step: (_, work) => timed(work, (told) => told),
  leftOut: (title, why) => console.log(`           left out: ${title} (${why})`),
};

async function begin(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<LocalHost> {
  chapter("The service starts on this machine");
  const { directory } = await timed(
    () => ensureAssembly(signal),
    ({ synthesized }) =>
      synthesized ? "the CloudFormation templates are synthesized" : "the templates are still those of the last time",
  );
  const { dynamoDbEndpoint, onLog } = hostOptions(environment);
  return timed(
    () => startLocalHost({ port: 0, assembly: directory, dynamoDbEndpoint, ...(onLog !== undefined && { onLog }) }),
    ({ url, functions }) => `${functions.length} functions, tables, queues and phones run at ${url}`,
  );
}
