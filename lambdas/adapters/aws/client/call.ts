import { DependencyError, type FailureKind } from "../../../ports/errors.ts";

/** The longest that any AWS call may take, in ms; callers with a deadline give less. */
export const CALL_LIMIT_MS = 2_000;

/**
 * Makes one AWS call with a time limit that really ends it, by an abort signal (docs/aws.md: `requestTimeout` alone
 * only warns). Throws only DependencyError.
 *
 * @param operation service.Operation, for logs and errors
 * @param send the SDK's send, given the signal
 * @param limit time limit in ms
 */
export async function call<T>(
  operation: string,
  send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  limit: number = CALL_LIMIT_MS,
): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), Math.max(1, limit));
  try {
    return await send({ abortSignal: abort.signal });
  } catch (cause) {
    if (cause instanceof DependencyError) throw cause;
    if (abort.signal.aborted) throw new DependencyError(operation, "timeout", undefined, { cause });
    throw dependencyError(operation, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** AWS's names for throttling (@smithy/core, THROTTLING_ERROR_CODES), including SNS's and SQS's for KMS. */
const THROTTLES =
  /Throttl|^(ProvisionedThroughputExceeded|RequestLimitExceeded|TooManyRequests|LimitExceeded|SlowDown|BandwidthLimitExceeded|PriorRequestNotComplete)/u;
/**
 * 4xx answers that are not the request's fault: the server gave up waiting for it (aws-sdk-go#1155, aws4fetch#84), or
 * is still handling the same one. It may have been carried out, and there was an answer: the next attempt comes after a
 * pause, as after a 5xx.
 */
const TRANSIENTS =
  /^(RequestTimeout|TransactionInProgress|InternalFailure|InternalError|InternalServerError|ServiceUnavailable)/u;
const REQUEST_TIMEOUT = 408;
const CONFLICTS = /^(ConditionalCheckFailed|TransactionConflict|TransactionCanceled|IdempotentParameterMismatch)/u;
const RESETS = new Set(["ECONNRESET", "EPIPE"]);
const TIMEOUTS = new Set(["TimeoutError", "AbortError", "ETIMEDOUT", "ESOCKETTIMEDOUT"]);
const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** The kind of failure behind an SDK exception, whose message is kept only as `cause`, since it may quote our input. */
export function dependencyError(operation: string, cause: unknown): DependencyError {
  const { name, code, $metadata } = (cause ?? {}) as {
    name?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  const kind = failureKind(name ?? "", code ?? "", status);
  const ours = kind === "timeout" || kind === "reset" ? undefined : (code ?? name);
  return new DependencyError(operation, kind, ours, { cause });
}

function failureKind(name: string, code: string, status: number): FailureKind {
  if (THROTTLES.test(name) || status === 429) return "throttled";
  if (CONFLICTS.test(name)) return "conflict";
  if (RESETS.has(code)) return "reset";
  if (TIMEOUTS.has(name) || TIMEOUTS.has(code)) return "timeout";
  if (UNREACHABLE.has(code)) return "unreachable";
  if (TRANSIENTS.test(name) || status === REQUEST_TIMEOUT) return "unavailable";
  return status >= 400 && status < 500 ? "rejected" : "unavailable";
}
