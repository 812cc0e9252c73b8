import * as v from "valibot";
import { AwsError } from "./protocols.ts";

/** Each issue of a value, with its path. */
export const issuesIn = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(": ")).join("; ");

/** A call's validated input. Throws InvalidParameterValue with the issues. */
export function check<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new AwsError("InvalidParameterValue", issuesIn(result.issues));
}
