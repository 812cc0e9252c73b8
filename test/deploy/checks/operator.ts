import { join } from "node:path";
import * as v from "valibot";
import { region } from "../emulator/emulator.ts";
import { run } from "../../support/programs/child.ts";
import type { Operator } from "../../../bin/story/world.ts";

const schema = v.object({ account: v.string(), secret: v.string() });

/** The operator's command line on a stage's API; it signs requests for that API's host name. */
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
    // Lists, which need rights to indexes, and one domain in full.
    connections: async (domain) => {
      await admin("mail", "suppressed");
      await admin("domains", "list");
      return Number(/^(\d+) connected$/mu.exec(await admin("domains", "show", domain))?.[1] ?? 0);
    },
    remove: async (account) => void (await admin("domains", "delete", account, "--yes")),
  };
}
