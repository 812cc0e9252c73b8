import type { Issuing } from "../core/domains/change.ts";

/** A frame from the service. */
export type Answer = Readonly<Record<string, unknown>>;

/** A connection to the service as a PBX has one. */
export interface PbxLine {
  /**
   * Sends a frame and waits for the answer of that `mt`. Throws DependencyError: no answer in `limit` ms, the connection
   * is gone, or an answer that is no message of the protocol.
   */
  ask(frame: { readonly mt: string }, answer: string, limit: number): Promise<Answer>;
  close(): void;
}

/** The way to the service through its public URL. */
export interface PbxDialer {
  /** Throws DependencyError. */
  dial(limit: number): Promise<PbxLine>;
}

/** The phone whose app is reserved for the canary. */
export interface CanaryPhone {
  /** What has arrived since the last time; waits a second for the first. Throws DependencyError. */
  messages(): Promise<readonly string[]>;
}

/** The canary's own account. Throws DependencyError. */
export interface CanaryAccount {
  /** Undefined until it has been set up. */
  secret(): Promise<string | undefined>;
  /** False if another run was faster. */
  setUp(account: Issuing): Promise<boolean>;
}
