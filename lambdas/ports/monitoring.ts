import type { IssuingChange } from "../core/domains/change.ts";
import type { History } from "../core/monitoring/status.ts";

/** A frame from the service. */
export type Answer = Readonly<Record<string, unknown>>;

/** A connection to the service, like that of a PBX. */
export interface PbxLine {
  /**
   * Sends a frame and waits for the answer with that `mt`. Throws DependencyError if there is none within `limit` ms,
   * the connection is gone, or an answer is not a message of the protocol.
   */
  ask(frame: { readonly mt: string }, answer: string, limit: number): Promise<Answer>;
  close(): void;
}

/** Connects to the service through its public URL. */
export interface PbxDialer {
  /** Throws DependencyError. */
  dial(limit: number): Promise<PbxLine>;
}

/** The phone whose app is reserved for the canary. */
export interface CanaryPhone {
  /** What has arrived since the last call; waits a second for the first. Throws DependencyError. */
  messages(): Promise<readonly string[]>;
}

/** An app whose pushes the canary asks SNS about. */
export interface ProbedApp {
  readonly id: string;
  readonly applicationArn: string;
}

/** Whether a role with the push function's rights may push. */
export interface PushRights {
  /**
   * Publishes to a disabled endpoint of the app: false if SNS denies the right. Throws DependencyError if that remains
   * unknown.
   * @param token of a phone that does not exist, in a form that Apple and Google take
   */
  mayPush(applicationArn: string, token: string): Promise<boolean>;
}

/** The canary's own account. Throws DependencyError. */
export interface CanaryAccount {
  /** Undefined until it has been set up. */
  secret(): Promise<string | undefined>;
  /** False if another run was faster. */
  setUp(account: IssuingChange): Promise<boolean>;
}

/** An app whose credential is watched. */
export interface CheckedApp {
  /** Names it in logs. */
  readonly id: string;
  readonly applicationArn: string;
  /** Name or ARN of the secret with its credential. */
  readonly secret: string;
}

export interface ApplicationState {
  /** SNS switches an application off when its credential is refused. */
  readonly enabled: boolean;
  /** When an Apple certificate expires, in Unix ms; undefined for tokens (.p8) and FCM keys. */
  readonly expiresAt: number | undefined;
}

export interface SecretState {
  /** Unix ms. */
  readonly changedAt: number;
  /** From its tag `push:expires` (an ISO date), in Unix ms; `unreadable` if the tag holds anything else. */
  readonly expiresAt: number | "unreadable" | undefined;
}

/** Reads state, never a secret's value. All throw DependencyError. */
export interface PlatformCredentials {
  application(arn: string): Promise<ApplicationState>;
  secret(secret: string): Promise<SecretState>;
}

/** The certificate that PBXes see at a host. */
export interface ServerCertificates {
  /** When it expires, in Unix ms. Throws DependencyError. */
  expiresAt(host: string): Promise<number>;
}

/** What alarms and metrics say. All throw DependencyError. */
export interface Health {
  /** The names of those that are in alarm. */
  inAlarm(alarms: readonly string[]): Promise<ReadonlySet<string>>;
  /** What was tried, by source: one entry for each slot with any tries. */
  history(from: number, to: number): Promise<History>;
}
