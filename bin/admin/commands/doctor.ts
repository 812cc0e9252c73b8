import { Command } from "commander";
import { jsonOption } from "../../shared/options.ts";
import { EXIT, print, say, table } from "../../shared/terminal.ts";
import type { MakeApi, Options } from "../command.ts";
import { diagnose, type Finding } from "../diagnosis.ts";

const MARKS: Readonly<Record<Finding["verdict"], string>> = { ok: "✔", look: "!", wrong: "✘" };

/** What is wrong with one domain, on one screen. */
export const doctorCommand = (api: MakeApi): Command =>
  new Command("doctor")
    .summary("what is wrong with a domain or an account, and what to do about it")
    .description("Looks at everything that keeps a phone of a domain from ringing, and names the next command.")
    .argument("<domain>", "a domain, or an account such as pbx.example.com/master")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Example:
  $ npx push-admin doctor pbx.example.com

Exit code: 0 nothing is wrong, 1 something is, or it failed, 2 wrong usage.`,
    )
    .action(async (account: string, { json }: Options) => {
      const query = { account };
      const domain = await api().call("GET", "/domain", { query });
      const { apps } = await api().call("GET", "/apps");
      const record =
        domain.claim === undefined ? undefined : (await api().call("GET", "/domain/record", { query })).record;
      const findings = diagnose({ domain, apps, ...(record !== undefined && { record }) });
      if (findings.some(({ verdict }) => verdict === "wrong")) process.exitCode = EXIT.failed;
      if (json) return print({ account: domain.account, findings });
      const rows = findings.map(({ what, verdict, found }) => [MARKS[verdict], what, found]);
      say(table(["", "", domain.account], rows));
      const next = findings.flatMap(({ next }) => next ?? []);
      if (next.length > 0) say(`\nNext:\n${[...new Set(next)].map((command) => `  ${command}`).join("\n")}`);
    });

/** Shows the identity that the service sees for this command line. */
export const whoamiCommand = (api: MakeApi): Command =>
  new Command("whoami")
    .description("Shows the API in use, the stage behind it, and the identity that signs the requests.")
    .addOption(jsonOption())
    .action(async ({ json }: Options) => {
      const { url } = api();
      const { identity, stage, url: pushUrl } = await api().call("GET", "/whoami");
      if (json) return print({ url, identity, stage, pushUrl });
      say(
        table(
          ["API", url],
          [
            ["Identity", identity],
            ["Stage", stage],
            ["Push object", pushUrl],
          ],
        ),
      );
    });
