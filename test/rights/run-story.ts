import { startLocalHost } from "../../local/host.ts";
import { runStory } from "./story.ts";

/** A process of its own for one run of the story: `run-story.ts ASSEMBLY`. It ends with 1 at the first refusal, or where the story stops. */
const fail = (why: string): never => {
  console.log(why);
  process.exit(1);
};

const [assembly = ""] = process.argv.slice(2);
try {
  const host = await startLocalHost({ port: 0, assembly, policyWatch: { onRefusal: fail } });
  await runStory(host);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
process.exit(0);
