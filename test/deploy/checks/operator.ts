import { join } from "node:path";
import * as v from "valibot";
import { region } from "../emulator/emulator.ts";
import { run } from "../../support/programs/child.ts";
import type { Account } from "../story.ts";

const schema = v.object({ account: v.string(), secret: v.string() });

/** The operator's own command line at a stage's API; it signs for that API's host name. */
export interface Operator {
  add(domain: string): Promise<Account>;
  /** Asks for lists and one domain in full, each of which needs rights to indexes. Returns what was said of the domain. */
  look(domain: string): Promise<string>;
}

export function operator(root: string, adminUrl: string): Operator {
  const admin = (...args: readonly string[]): Promise<string> =>
    run({
      program: "tsx",
      args: [join(root, "bin", "admin.ts"), ...args],
      env: {
        PATH: process.env["PATH"],
        NODE_OPTIONS: `--import=${join(import.meta.dirname, "..", "emulator", "names.ts")}`,
        PUSH_URL: adminUrl,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
      log: join(root, ".local", "deploy", "admin.log"),
      seconds: 30,
    });
  return {
    add: async (domain) => v.parse(schema, JSON.parse(await admin("domains", "add", domain, "--json"))),
    look: async (domain) => {
      await admin("mail", "suppressed");
      return (await admin("domains", "list")) + (await admin("domains", "show", domain));
    },
  };
}
