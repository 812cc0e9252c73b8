/** An app whose credential is watched. */
export interface WatchedApp {
  /** Names it in logs. */
  readonly id: string;
  readonly applicationArn: string;
  /** Name or ARN of the secret with its credential. */
  readonly secret: string;
}

export interface ApplicationState {
  /** SNS switches an application off when its credential is refused. */
  readonly enabled: boolean;
  /** Of an Apple certificate, in Unix ms; tokens (.p8) and FCM keys tell none. */
  readonly expiresAt: number | undefined;
}

export interface SecretState {
  /** Unix ms. */
  readonly changedAt: number;
  /** By its tag `push:expires` (an ISO date), in Unix ms; `unreadable` where the tag holds anything else. */
  readonly expiresAt: number | "unreadable" | undefined;
}

/** Looks that never see a secret's value. All throw DependencyError. */
export interface Credentials {
  application(arn: string): Promise<ApplicationState>;
  secret(secret: string): Promise<SecretState>;
}

/** The certificate that PBXes see at a host. */
export interface ServerCertificates {
  /** When it expires, in Unix ms. Throws DependencyError. */
  expiresAt(host: string): Promise<number>;
}
