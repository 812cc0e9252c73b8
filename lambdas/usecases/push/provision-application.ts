import type { Platform } from "../../core/push/apps.ts";
import { credentialAttributes } from "../../core/push/platform-credential.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import type { Clock } from "../../ports/clock.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { CredentialSecrets, PlatformApplications, PublicKeys } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/**
 * A policy takes seconds to reach every part of AWS ("eventually consistent", IAM user guide): a denial is retried this
 * long, in ms.
 */
const DOUBT_MS = 60_000;
const PAUSE_MS = 5_000;

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
  /** Role that SNS writes the delivery log with. */
  readonly feedbackRole: string;
  /** Percentage of successful deliveries that are logged. */
  readonly successSampleRate: string;
}

export interface Provisioning {
  /**
   * Updates the application, or creates it if there is none, so it can be repeated at any time. Never replaces it: that
   * would destroy every endpoint in it. Denials by IAM are retried for a minute.
   *
   * @returns its ARN, or in words what the operator has to fix. Throws DependencyError.
   */
  apply(wanted: WantedApplication): Promise<Result<string, string>>;
  /** SPKI DER in base64. Denials by IAM are retried for a minute. Throws DependencyError. */
  publicKey(keyArn: string): Promise<string>;
}

export interface ProvisioningPorts {
  readonly applications: PlatformApplications;
  readonly secrets: CredentialSecrets;
  readonly keys: PublicKeys;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export function provisioning({ applications, secrets, keys, clock, telemetry }: ProvisioningPorts): Provisioning {
  return {
    apply: (wanted) => whileDenied(() => apply(wanted)),
    publicKey: (keyArn) => whileDenied(() => keys.publicKey(keyArn)),
  };

  async function apply(wanted: WantedApplication): Promise<Result<string, string>> {
    const credential = credentialAttributes(
      await secrets.read(wanted.credentialSecret),
      wanted.platform,
      wanted.bundle,
    );
    if (!credential.ok) return credential;
    const attributes = { ...credential.value, ...reporting(wanted) };
    if (await applications.update(wanted.arn, attributes)) return ok(wanted.arn);
    const arn = await applications.create(wanted.name, wanted.platform, attributes);
    return arn === wanted.arn ? ok(arn) : fail(`SNS made ${arn} where ${wanted.arn} was expected`);
  }

  async function whileDenied<T>(attempt: () => Promise<T>): Promise<T> {
    for (const until = clock.now() + DOUBT_MS; ; await clock.sleep(PAUSE_MS)) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof DependencyError) || !error.denied || clock.now() >= until) throw error;
        const { operation, code } = error;
        telemetry.log("warn", "denied, tried again: a policy takes seconds to spread", {
          operation,
          code,
          secondsLeft: (until - clock.now()) / 1_000,
        });
      }
    }
  }
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
