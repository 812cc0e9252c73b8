import * as v from "valibot";
import { AwsError } from "./protocols.ts";

/** What is wrong with a value, each with where it is. */
export const issuesIn = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues.map((issue) => [v.getDotPath(issue), issue.message].filter(Boolean).join(": ")).join("; ");

/** The input of a call, checked. Throws InvalidParameterValue that says what is wrong with it. */
export function check<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  throw new AwsError("InvalidParameterValue", issuesIn(result.issues));
}
