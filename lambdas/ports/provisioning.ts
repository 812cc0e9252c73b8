import type { Platform } from "../core/push/apps.ts";

/** SNS platform applications. Attributes hold a credential: they are never logged. */
export interface PlatformApplications {
  /** Whether there was one to update. Throws DependencyError. */
  update(arn: string, attributes: Readonly<Record<string, string>>): Promise<boolean>;
  /** Returns the ARN. Throws DependencyError. */
  create(name: string, platform: Platform, attributes: Readonly<Record<string, string>>): Promise<string>;
}

export interface CredentialSecrets {
  /** Text of the secret with that name or ARN. Throws DependencyError. */
  read(secret: string): Promise<string>;
}

export interface PublicKeys {
  /** SPKI DER of the key's public half, in base64. Throws DependencyError. */
  publicKey(keyArn: string): Promise<string>;
}

/** The end of a custom resource's request (docs.aws.amazon.com, "Custom resource response objects"). */
export interface StackAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

export interface Stacks {
  /** Tells CloudFormation, which waits for it up to an hour. Throws DependencyError. */
  answer(url: string, answer: StackAnswer): Promise<void>;
}
