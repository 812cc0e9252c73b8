import { join } from "node:path";
import * as v from "valibot";
import { region } from "./emulator.ts";
import { run } from "./process.ts";
import type { Account } from "./story.ts";

const schema = v.object({ account: v.string(), secret: v.string() });

/** Adds a domain by the operator's own command line, which signs for the admin API's host name. */
export async function addDomain(root: string, adminUrl: string, domain: string): Promise<Account> {
  const names = join(import.meta.dirname, "names.ts");
  const said = await run({
    program: "tsx",
    args: [join(root, "bin", "admin.ts"), "domains", "add", domain, "--json"],
    env: {
      PATH: process.env["PATH"],
      NODE_OPTIONS: `--import=${names}`,
      PUSH_URL: adminUrl,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
    log: join(root, ".local", "deploy", "admin.log"),
    seconds: 30,
  });
  return v.parse(schema, JSON.parse(said));
}
