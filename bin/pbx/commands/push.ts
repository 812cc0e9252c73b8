import { Command, Option } from "commander";
import { filled, numberFrom } from "../../shared/options.ts";
import { complain, EXIT, interrupted, say } from "../../shared/terminal.ts";
import { connectPbx } from "../protocol/client.ts";
import { failureFrom, isPbxError } from "../errors.ts";
import { postFrame, type Post } from "../protocol/frames.ts";
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
import type { PushResult } from "../protocol/session.ts";

interface PushOptions extends AccountOptions {
  readonly type?: string;
  readonly data?: string;
  readonly json?: true;
  /** Seconds to wait for the result. */
  readonly timeout: number;
}

export const pushCommand = () =>
  new Command("push")
    .summary("log in and wake one device")
    .description("Logs in as a PBX, sends one PushNotifyPost and shows the result with the time it took.")
    .argument("<token>", "push token of the device, <app>:<device token>", filled)
    .addOption(accountOption().makeOptionMandatory())
    .addOption(secretOption())
    .addOption(new Option("--type <type>", "call or notification; left out, the app in the token decides"))
    .addOption(
      new Option("--data <json>", "JSON object; its members go into the post as they stand, and on to the phone"),
    )
    .addOption(appobjOption())
    .addOption(urlOption())
    .addOption(stripOption())
    .addOption(new Option("--timeout <seconds>", "wait for the result").default(10).argParser(numberFrom(0.1, 120)))
    .addOption(jsonLinesOption())
    .addHelpText(
      "after",
      `
Examples:
  $ export PBX_SECRET=…
  $ npx push-pbx push android:APA91… --account pbx.example.com --type call --data '{"number":"+49 30 1234"}'
  $ npx push-pbx push ios-call:0a1b… --account pbx.example.com/master --url https://push.example.com/push/ws

Exit code: 0 taken, 1 answered with err or not at all, 2 wrong usage, 3 not connected or login refused.`,
    )
    .action(async (token: string, options: PushOptions, command: Command) => {
      const post: Post = {
        token,
        ...(options.type !== undefined && { type: options.type }),
        ...(options.data !== undefined && { members: options.data }),
      };
      try {
        postFrame("0", post);
      } catch (error) {
        command.error(`error: --data: ${(error as Error).message}`, { exitCode: EXIT.usage });
      }
      process.exitCode = await push(post, options);
    });

async function push(post: Post, options: PushOptions): Promise<number> {
  const { url, strip = false, account, appobj } = options;
  const secret = await passwordOf(options);
  const signal = interrupted();
  try {
    const timeouts = { result: options.timeout * 1_000 };
    const onViolation = (what: string) => complain(`against the protocol: ${what}`);
    const pbx = await connectPbx({ url, strip, account, secret, appobj, timeouts, signal, onViolation });
    try {
      const result = await pbx.push(post);
      say(options.json ? JSON.stringify(result) : inWords(result));
      return result.err === undefined ? EXIT.ok : EXIT.failed;
    } finally {
      await pbx.close();
    }
  } catch (error) {
    throw failureFrom(error, isPbxError(error) && error.kind === "no-result" ? EXIT.failed : EXIT.unreachable);
  }
}

function inWords({ err, info, ms }: PushResult): string {
  const details = info === undefined ? "" : `: ${typeof info === "string" ? info : JSON.stringify(info)}`;
  return `${err ?? "taken"} (${ms.toFixed(1)} ms)${details}`;
}
