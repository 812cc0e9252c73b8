/**
 * How a dependency failed. Certainly not done:
 * - `throttled`: too many requests · `unreachable`: no connection
 * - `conflict`: a condition of ours did not hold · `rejected`: it refused
 *
 * Possibly done anyway:
 * - `timeout`: no answer in time · `reset`: the connection broke · `unavailable`: 5xx, or an unreadable answer
 */
export type FailureKind = "throttled" | "unreachable" | "conflict" | "rejected" | "timeout" | "reset" | "unavailable";

const UNDONE: ReadonlySet<FailureKind> = new Set(["throttled", "unreachable", "conflict", "rejected"]);

/**
 * Thrown by every adapter when a dependency fails, and by nothing else. Use cases catch it where they can handle it;
 * middleware turns the rest into a protocol error. The message holds no secret, token, payload or email address.
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

  /** Refused by IAM or a resource policy, by the names that services have for it. */
  get denied(): boolean {
    return /^(AccessDenied|AuthorizationError)(Exception)?$/u.test(this.code ?? "");
  }

  /** The request may have been carried out despite the error. */
  get mayBeDone(): boolean {
    return !UNDONE.has(this.kind);
  }
}

/** What a message is about is not there yet: the message must be delivered again. Not a failure. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}
