import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";

/** One of our conditions did not hold, or another transaction on the same rows was faster. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  return reasons.includes("ConditionalCheckFailed") || reasons.includes("TransactionConflict");
}
