import { InvalidArgumentError, Option } from "commander";

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

/** Parser of a text that must not be empty. */
export function filled(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("must not be empty");
}

export const jsonOption = (what = "the answer as JSON, for programs") => new Option("--json", what);
