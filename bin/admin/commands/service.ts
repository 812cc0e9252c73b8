import { Command, Option } from "commander";
import type { AdminAnswers } from "../../../lambdas/handlers/admin/wire.ts";
import { filled, jsonOption } from "../../shared/options.ts";
import { complain, EXIT, say, time } from "../../shared/terminal.ts";
import { command, output, type MakeApi, type Options } from "../command.ts";
import { allSuppressions } from "../list.ts";
import { showRows } from "../show.ts";

/** Sends one wake-up in an account's name and shows the result. */
export function pushCommand(api: MakeApi): Command {
  const summary = "wake a phone in an account's name, and wait for what its vendor says";
  return new Command("push")
    .summary(summary)
    .description(
      `${summary}. Exit code 0 only if SNS accepted it and no failure was reported within a few seconds; delivery itself is never confirmed.`,
    )
    .argument("<token>", "push token, as the PBX sends it: APP:DEVICE", filled)
    .requiredOption("--account <account>", "in whose name")
    .addOption(new Option("--type <type>", "without, as the token's app decides").choices(["call", "notification"]))
    .addOption(jsonOption())
    .action(async (token: string, { account, type, ...options }: Options & { account: string; type?: string }) => {
      if (process.stderr.isTTY) complain("Waiting up to 10 s for what the vendor reports …");
      const tested = await api().call("POST", "/push", {
        body: { token, account, ...(type !== undefined && { type }) },
      });
      if (tested.error !== undefined || (tested.later !== undefined && tested.later !== "none"))
        process.exitCode = EXIT.failed;
      output(options, tested, () => say(outcomeOf(tested)));
    });
}

function outcomeOf({ error, app, type, ms, later, waitedMs }: AdminAnswers["POST /push"]): string {
  const about = app === undefined ? "" : ` (${[app, type].filter(Boolean).join(", ")}; ${ms} ms)`;
  if (error !== undefined) return `Refused: ${error.err}${error.info === undefined ? "" : `, ${error.info}`}${about}`;
  const seconds = Math.round((waitedMs ?? 0) / 1000);
  const said = {
    gone: "then the vendor said that it no longer knows this token",
    "bad-message": "then the vendor refused the message",
    none: `and no failure was reported within ${seconds} s`,
  };
  return `Accepted${about}, ${said[later ?? "none"]}.`;
}

/** Tokens that are marked as gone. */
export function tokensCommand(api: MakeApi): Command {
  const group = new Command("tokens").description("tokens whose phone the vendor no longer knew");
  command(
    group,
    "lift",
    "lift the mark at once: the next post wakes a phone that is back, after a minute at the latest",
  )
    .argument("<token>", "push token, as the PBX sends it: APP:DEVICE", filled)
    .action(async (token: string, options: Options) => {
      await api().call("POST", "/tokens/lift", { body: { token } });
      output(options, { lifted: true }, () =>
        say("The mark is lifted: posts for this token go to SNS again, after a minute at the latest."),
      );
    });
  return group;
}

/** The configured apps. */
export const appsCommand = (api: MakeApi): Command =>
  new Command("apps")
    .description("the apps, whether SNS has them switched on, and how old their credentials are")
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { apps } = await api().call("GET", "/apps");
      const rows = apps.map(({ app, application, credential }) => [
        app.default ? `${app.id} (default)` : app.id,
        app.platform,
        app.bundle,
        "problem" in application ? application.problem : application.enabled ? "on" : "OFF: its credential was refused",
        "problem" in credential ? credential.problem : time(credential.changedAt),
        expiryOf(application, credential),
      ]);
      output(options, { apps }, () =>
        showRows(["APP", "PLATFORM", "BUNDLE", "STATE", "CREDENTIAL OF", "EXPIRES"], rows),
      );
    });

/** The earlier of what the vendor's certificate and the operator's own note say. */
function expiryOf(...states: readonly object[]): string {
  const dates = states.flatMap((state) =>
    "expiresAt" in state && typeof state.expiresAt === "number" ? [state.expiresAt] : [],
  );
  return dates.length === 0 ? "" : time(Math.min(...dates));
}

/** Addresses that get no email. */
export function mailCommand(api: MakeApi): Command {
  const group = new Command("mail").description("addresses that get no email because they bounced or complained");
  command(group, "suppressed", "all of them").action(async (options: Options) => {
    const found = await allSuppressions(api());
    const rows = found.map(({ address, reason, at, until }) => [
      address,
      reason,
      time(at),
      until === undefined ? "you allow it" : time(until),
    ]);
    output(options, found, () => showRows(["ADDRESS", "WHY", "SINCE", "UNTIL"], rows));
  });
  command(
    group,
    "allow <address>",
    "let an address get email again (SES keeps a list of its own: docs/operate/runbook.md)",
  ).action(async (address: string, options: Options) => {
    await api().call("DELETE", "/suppressions", { query: { address } });
    output(options, { address, allowed: true }, () => say(`${address} gets email again.`));
  });
  return group;
}
