import type { Platform } from "../../core/push/apps.ts";
import { credentialAttributes } from "../../core/push/platform-credential.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import type { CredentialSecrets, PlatformApplications, PublicKeys } from "../../ports/provisioning.ts";

/** An SNS platform application as the stack wants it. */
export interface WantedApplication {
  /** The ARN it has, or will have. */
  readonly arn: string;
  readonly name: string;
  readonly platform: Platform;
  readonly bundle: string;
  /** Name or ARN of the secret with the credential. */
  readonly credentialSecret: string;
  /** Topic for events of endpoints and failed deliveries. */
  readonly eventTopic: string;
  /** Role as which SNS writes the delivery log. */
  readonly feedbackRole: string;
  /** Percentage of successful deliveries that are logged. */
  readonly successSampleRate: string;
}

export interface Provisioning {
  /**
   * Updates the application, or makes it if there is none; so it may be repeated at will. Never replaces it: that
   * would destroy every endpoint in it.
   *
   * @returns its ARN, or in words what the operator has to put right. Throws DependencyError.
   */
  apply(wanted: WantedApplication): Promise<Result<string, string>>;
  /** SPKI DER in base64. Throws DependencyError. */
  publicKey(keyArn: string): Promise<string>;
}

export interface ProvisioningPorts {
  readonly applications: PlatformApplications;
  readonly secrets: CredentialSecrets;
  readonly keys: PublicKeys;
}

export function provisioning({ applications, secrets, keys }: ProvisioningPorts): Provisioning {
  return {
    async apply(wanted) {
      const credential = credentialAttributes(await secrets.read(wanted.credentialSecret), wanted.platform, wanted.bundle);
      if (!credential.ok) return credential;
      const attributes = { ...credential.value, ...reporting(wanted) };
      if (await applications.update(wanted.arn, attributes)) return ok(wanted.arn);
      const arn = await applications.create(wanted.name, wanted.platform, attributes);
      return arn === wanted.arn ? ok(arn) : fail(`SNS made ${arn} where ${wanted.arn} was expected`);
    },
    publicKey: (keyArn) => keys.publicKey(keyArn),
  };
}

function reporting({ eventTopic, feedbackRole, successSampleRate }: WantedApplication): Record<string, string> {
  return {
    EventDeliveryFailure: eventTopic,
    EventEndpointCreated: eventTopic,
    EventEndpointUpdated: eventTopic,
    EventEndpointDeleted: eventTopic,
    SuccessFeedbackRoleArn: feedbackRole,
    FailureFeedbackRoleArn: feedbackRole,
    SuccessFeedbackSampleRate: successSampleRate,
  };
}
