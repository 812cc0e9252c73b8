/**
 * Why something outside did not do as asked.
 * - `throttled`: it said "later" · `reset`: the kept-alive socket was gone, nothing was done
 * - `timeout`: no answer in time, it may have done it · `unavailable`: 5xx or no connection
 * - `conflict`: a condition of ours did not hold · `rejected`: it said no
 */
export type FailureKind = "throttled" | "reset" | "timeout" | "unavailable" | "conflict" | "rejected";

/**
 * Thrown by every adapter when a dependency fails, and by nothing else. Use cases catch it where they have a plan;
 * middleware turns the rest into a protocol error. The message holds no secret, token, payload or mail address.
 */
export class DependencyError extends Error {
  readonly kind: FailureKind;
  /** service.Operation, e.g. `dynamodb.BatchGetItem`. */
  readonly operation: string;
  /** The dependency's own error code, e.g. `ThrottlingException`; absent for time-outs and lost connections. */
  readonly code: string | undefined;

  constructor(operation: string, kind: FailureKind, code?: string, options?: { cause?: unknown }) {
    super(`${operation}: ${code ?? kind}`, options);
    this.name = "DependencyError";
    this.operation = operation;
    this.kind = kind;
    this.code = code;
  }
}
