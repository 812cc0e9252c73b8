import { InvalidArgumentError, Option } from "commander";
import { jsonOption } from "../shared/options.ts";
import { secretFrom } from "../shared/secret.ts";
import { socketUrl } from "./url.ts";

/** Options that several commands share. */
export interface TargetOptions {
  readonly url: string;
}

export interface AccountOptions extends TargetOptions {
  readonly strip?: true;
  readonly account: string;
  /** `-` for standard input; without one the user is prompted. */
  readonly secret?: string;
  readonly appobj: string;
}

export const urlOption = () =>
  new Option("--url <url>", "the service: http(s)://HOST, or the URL of the Push object, https://HOST/push/ws")
    .env("PUSH_URL")
    .default("http://127.0.0.1:8080")
    .argParser(address);

export const stripOption = () =>
  new Option("--strip", "open the URL without its last component, as some PBX clients do: /push for /push/ws");

export const accountOption = () =>
  new Option("--account <account>", "Account of the Push object, e.g. pbx.example.com/master");

export const secretOption = () =>
  new Option(
    "--secret <secret>",
    "its password, - to read it from standard input; without it you are prompted. Others can see it in the process list: prefer the environment",
  ).env("PBX_SECRET");

export const passwordOf = ({
  secret,
  account,
}: Pick<AccountOptions, "account"> & { readonly secret?: string | undefined }): Promise<string> =>
  secretFrom(secret, `Password of ${account}`);

export const appobjOption = () => new Option("--appobj <name>", "name of the Push object").default("push");

export const jsonLinesOption = () => jsonOption("one JSON object per line, for programs");

/** Parser of any of the addresses of a push service. */
export function address(text: string): string {
  try {
    return socketUrl(text) && text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
