import { Failure, interruption } from "../shared/failure.ts";
import { EXIT } from "../shared/terminal.ts";

/** Why a simulated PBX failed, as data on an ordinary Error. */
export type PbxFailure =
  /** The server answered AppLogin with ok:false; `error` and `errorText` are its words. */
  | { readonly kind: "refused"; readonly error: string; readonly errorText: string }
  /** No connection, no WebSocket at that address (`status` is the HTTP status), or no answer to the login. */
  | { readonly kind: "unreachable"; readonly status?: number }
  /** The server said something that docs/protocol.md does not allow. */
  | { readonly kind: "protocol" }
  /** The request was sent, but no answer came in time or before the connection ended. */
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

/** The command line's Failure. @param exitCode for anything but an interruption or a missing connection */
export function failureFrom(error: unknown, exitCode: number): unknown {
  if (!isPbxError(error)) return error;
  if (error.kind === "aborted") return interruption();
  return new Failure(error.kind, error.message, error.kind === "unreachable" ? EXIT.unreachable : exitCode);
}
