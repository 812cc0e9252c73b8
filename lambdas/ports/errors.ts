/**
 * Why something outside did not do as asked. Certainly not done:
 * - `throttled`: it said "later" · `unreachable`: there was no connection to ask by
 * - `conflict`: a condition of ours did not hold · `rejected`: it said no
 *
 * Perhaps done all the same:
 * - `timeout`: no answer in time · `reset`: the connection broke · `unavailable`: 5xx, or no answer that can be read
 */
export type FailureKind = "throttled" | "unreachable" | "conflict" | "rejected" | "timeout" | "reset" | "unavailable";

const UNDONE: ReadonlySet<FailureKind> = new Set(["throttled", "unreachable", "conflict", "rejected"]);

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

  /** IAM, or a policy of the resource, said no: by the names that services have for it. */
  get denied(): boolean {
    return /^(AccessDenied|AuthorizationError)(Exception)?$/u.test(this.code ?? "");
  }

  /** What was asked for may have been done although nobody said so. */
  get mayBeDone(): boolean {
    return !UNDONE.has(this.kind);
  }
}

/** What a message is about is not there yet: it is to come again. No failure of anybody. */
export class NotYet extends Error {
  override readonly name = "NotYet";
}
