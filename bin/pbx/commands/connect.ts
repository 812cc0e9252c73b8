import { Command, Option } from "commander";
import { numberFrom } from "../../shared/options.ts";
import { clock, EXIT, interrupted, say } from "../../shared/terminal.ts";
import {
  accountOption,
  appobjOption,
  jsonLinesOption,
  passwordOf,
  secretOption,
  stripOption,
  urlOption,
  type AccountOptions,
} from "../options.ts";
import { runPbx, type PbxEvent } from "../protocol/runner.ts";
import { socketUrl } from "../url.ts";

interface ConnectOptions extends AccountOptions {
  readonly json?: true;
  /** Seconds between two KeepAlives. */
  readonly keepalive: number;
  /** Seconds until it ends by itself. */
  readonly for?: number;
}

export const connectCommand = () =>
  new Command("connect")
    .summary("log in and stay connected")
    .description(
      "Logs in as a PBX and stays connected until Ctrl-C: sends KeepAlive, reconnects after 1, 2, 4 … 32 s, shows what happens.",
    )
    .addOption(accountOption().makeOptionMandatory())
    .addOption(secretOption())
    .addOption(appobjOption())
    .addOption(urlOption())
    .addOption(stripOption())
    .addOption(
      new Option("--keepalive <seconds>", "time between two KeepAlives").default(60).argParser(numberFrom(0.1, 3_600)),
    )
    .addOption(new Option("--for <seconds>", "end after this time").argParser(numberFrom(0.1, 86_400)))
    .addOption(jsonLinesOption())
    .addHelpText(
      "after",
      `
Example:
  $ PBX_SECRET=… npx push-pbx connect --account pbx.example.com/master

Exit code: 0 it was logged in at least once, 2 wrong usage, 3 it never was.`,
    )
    .action(async (options: ConnectOptions) => {
      process.exitCode = await connect(options);
    });

async function connect(options: ConnectOptions): Promise<number> {
  const limit = options.for === undefined ? [] : [AbortSignal.timeout(options.for * 1_000)];
  const tell = (event: string, text: string, fields: Readonly<Record<string, unknown>> = {}) =>
    say(options.json ? JSON.stringify({ at: new Date().toISOString(), event, ...fields }) : `${clock()} ${text}`);
  const secret = await passwordOf(options);
  let logins = 0;

  const onEvent = (event: PbxEvent) => {
    switch (event.name) {
      case "connecting":
        return tell("connecting", `connecting to ${socketUrl(options.url).href}`, { attempt: event.attempt });
      case "online":
        logins += 1;
        event.pbx.onMessage(({ text, body }) => tell("message", `← ${text}`, { message: body }));
        return tell("online", `logged in as ${options.account} (${event.ms.toFixed(0)} ms)`, { ms: event.ms });
      case "offline":
        return tell("offline", `offline: ${event.closed.code} ${event.closed.reason}`.trimEnd(), { ...event.closed });
      case "failed":
        return tell("failed", event.error.message, { kind: event.error.kind, message: event.error.message });
      case "waiting":
        return tell("waiting", `waiting ${event.ms / 1_000} s`, { ms: event.ms });
    }
  };
  await runPbx({
    url: options.url,
    strip: options.strip ?? false,
    account: options.account,
    secret,
    appobj: options.appobj,
    timeouts: { keepAlive: options.keepalive * 1_000 },
    signal: AbortSignal.any([interrupted(), ...limit]),
    onViolation: (what) => tell("violation", `against the protocol: ${what}`, { what }),
    onEvent,
  });
  return logins > 0 ? EXIT.ok : EXIT.unreachable;
}
