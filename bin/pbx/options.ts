import { InvalidArgumentError, Option } from "commander";
import { socketUrl } from "./url.ts";

/** Options that several commands share. */
export interface TargetOptions {
  readonly url: string;
}

export interface AccountOptions extends TargetOptions {
  readonly strip?: true;
  readonly account: string;
  readonly secret: string;
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
  new Option("--secret <secret>", "its password; in the environment it stays out of the process list").env(
    "PBX_SECRET",
  );

export const appobjOption = () => new Option("--appobj <name>", "name of the Push object").default("push");

export const jsonOption = () => new Option("--json", "one JSON object per line, for programs");

function address(text: string): string {
  try {
    return socketUrl(text) && text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Parser of a number within bounds, both included. */
export const numberFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a number from ${least} to ${most}`);
  };

export const integerFrom =
  (least: number, most: number) =>
  (text: string): number => {
    const value = numberFrom(least, most)(text);
    if (Number.isInteger(value)) return value;
    throw new InvalidArgumentError("must be a whole number");
  };
