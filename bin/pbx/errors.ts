/** Why a simulated PBX got no further, as data on an ordinary Error. */
export type PbxFailure =
  /** The server answered AppLogin with ok:false; `error` and `errorText` are its words. */
  | { readonly kind: "refused"; readonly error: string; readonly errorText: string }
  /** No connection, no WebSocket at that address (`status` is the HTTP status), or no answer to the login. */
  | { readonly kind: "unreachable"; readonly status?: number }
  /** The server said something that docs/protocol.md does not allow. */
  | { readonly kind: "protocol" }
  /** The request was sent, its answer did not come in time or the connection ended before. */
  | { readonly kind: "no-result"; readonly why: "timeout" | "closed" }
  /** The caller's AbortSignal fired. */
  | { readonly kind: "aborted" };

export type PbxError = Error & PbxFailure;

export function pbxError(message: string, failure: PbxFailure): PbxError {
  return Object.assign(new Error(message), { name: "PbxError" }, failure);
}

export function isPbxError(error: unknown): error is PbxError {
  return error instanceof Error && error.name === "PbxError" && "kind" in error;
}

/** What happened, in words: fetch hides it in `cause`, several failed addresses come as an AggregateError without any. */
export function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof AggregateError) return inner.errors.map(reasonOf).join(", ");
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}
