import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import * as v from "valibot";
import { ApiError } from "../api.ts";
import type { MakeApi } from "../command.ts";
import { allDomains } from "../list.ts";
import { complain, EXIT } from "../../shared/terminal.ts";

/** One line of an import: what `export` writes will do; other members are passed over. */
const Line = v.object({
  account: v.string(),
  owner: v.optional(v.string()),
  secret: v.optional(v.string()),
  state: v.optional(v.picklist(["active", "suspended"])),
  proof: v.optional(v.picklist(["address", "dns", "operator", "none"])),
  origin: v.optional(v.string()),
});

/** Many domains at once, one JSON object a line (NDJSON). */
export function addBulk(group: Command, api: MakeApi): void {
  group
    .command("export [file]")
    .summary("all domains and accounts without their secrets, one JSON object a line")
    .action(async (file?: string) => {
      const out = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 });
      for (const domain of await allDomains(api)) out.write(`${JSON.stringify(domain)}\n`);
      if (out !== process.stdout) await new Promise<void>((resolve, reject) => out.on("error", reject).end(resolve));
    });

  group
    .command("import [file]")
    .summary("set up domains from such lines: {account, owner?, secret?, state?, proof?}")
    .description(
      "Sets up domains from lines of JSON, {account, owner?, secret?, state?, proof?}, from a file or standard input. Prints one line of " +
        "JSON for each: with its secret, which is shown nowhere again, or with the error. What exists stays as it is.",
    )
    .action(async (file?: string) => {
      const lines = createInterface({ input: file === undefined ? process.stdin : createReadStream(file) });
      let failed = 0;
      for await (const text of lines) {
        if (text.trim() === "") continue;
        const outcome = await importOne(api, text);
        if ("error" in outcome) failed += 1;
        process.stdout.write(`${JSON.stringify(outcome)}\n`);
      }
      if (failed === 0) return;
      complain(`${failed} lines failed.`);
      process.exitCode = EXIT.failed;
    });
}

async function importOne(api: MakeApi, text: string): Promise<object> {
  const line = v.safeParse(v.pipe(v.string(), v.rawTransform(parsed), Line), text);
  if (!line.success)
    return {
      line: text.slice(0, 200),
      error: "malformed",
      message: "a line is {account, owner?, secret?, state?, proof?}",
    };
  const { origin, ...given } = line.output;
  // What registered by mail and shows no proof was provisional.
  const body = origin === "mail" ? { proof: "none", ...given } : given;
  try {
    const { account, secret, url } = await api().call("POST", "/domains", { body });
    return { account, url, secret };
  } catch (error) {
    if (!(error instanceof ApiError) || error.error === "unreachable") throw error;
    return { account: body.account, error: error.error, message: error.message };
  }
}

function parsed({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): unknown {
  try {
    return JSON.parse(dataset.value);
  } catch {
    addIssue({ message: "is no JSON" });
    return NEVER;
  }
}
