import { Duration, Stack } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { App } from "../../lambdas/core/push/apps.ts";
import type { CheckedApp } from "../../lambdas/ports/monitoring.ts";
import type { AppSettings, StageConfig } from "../config.ts";
import type { AppCredential } from "./app-credential.ts";
import { DeliveryLog } from "./delivery-log.ts";
import type { EventTopic } from "./event-topic.ts";
import type { Provisioning } from "../functions/provisioning.ts";
import type { IKey } from "aws-cdk-lib/aws-kms";

export interface PlatformApplicationProps {
  readonly config: StageConfig;
  readonly app: AppSettings;
  readonly credential: AppCredential;
  readonly provisioning: Provisioning;
  readonly events: EventTopic;
  readonly logKey: IKey;
}

/**
 * An SNS platform application. Updated in place and kept when the stack is deleted: replacing it would invalidate the
 * ARN of every endpoint in it. Its credential is re-read when the secret changes, and once a day.
 */
export class PlatformApplication extends Construct {
  /** The app as an entry of APPS. */
  readonly app: App;
  readonly #props: PlatformApplicationProps;
  readonly #name: string;

  constructor(scope: Construct, props: PlatformApplicationProps) {
    super(scope, props.app.id);
    this.#props = props;
    this.#name = `push-${props.config.name}-${props.app.id}`;
    const { config, app, credential, provisioning, events } = props;
    const log = new DeliveryLog(this, "DeliveryLog", { ...props, platform: app.platform, name: this.#name });
    const properties = {
      Arn: this.#arn("app"),
      Name: this.#name,
      Platform: app.platform,
      Bundle: bundleAtSns(app, config),
      CredentialSecret: credential.reference,
      EventTopic: events.topicArn,
      FeedbackRole: log.role.roleArn,
      SuccessSampleRate: String(app.successSampleRate),
    };
    this.#allow(log);
    const resource = provisioning.resource(this, "Resource", "Custom::PlatformApplication", properties);
    this.#refresh(properties);
    const { successSampleRate: _, credentialSecret: __, maxPayload, alert, ...rest } = app;
    this.app = {
      ...rest,
      applicationArn: resource.getAttString("Arn"),
      maxPayload: maxPayload ?? (app.platform.startsWith("APNS_VOIP") ? 5_120 : 4_096),
      ...(alert !== undefined && {
        alert: { locKey: alert.locKey, ...(alert.titleLocKey !== undefined && { titleLocKey: alert.titleLocKey }) },
      }),
    };
  }

  get applicationArn(): string {
    return this.#arn("app");
  }

  /** What the credential watch checks. */
  get checked(): CheckedApp {
    return { id: this.#props.app.id, applicationArn: this.#arn("app"), secret: this.#props.credential.reference };
  }

  get credentialArn(): string {
    return this.#props.credential.secretArn;
  }

  /** All endpoints of the application. */
  get endpointArns(): string {
    return `${this.#arn("endpoint")}/*`;
  }

  #arn(resource: "app" | "endpoint"): string {
    return Stack.of(this).formatArn({
      service: "sns",
      resource: `${resource}/${this.#props.app.platform}/${this.#name}`,
    });
  }

  #allow(log: DeliveryLog): void {
    const { provisioning, credential } = this.#props;
    const { role } = provisioning.function;
    credential.grantRead(provisioning.function);
    log.grantPass(role);
    role.addToPolicy(
      new PolicyStatement({ actions: ["sns:SetPlatformApplicationAttributes"], resources: [this.#arn("app")] }),
    );
  }

  /** CloudFormation does not notice when a secret changes. CloudTrail does if there is a trail; else a daily run. */
  #refresh(properties: Readonly<Record<string, string>>): void {
    const { provisioning, credential } = this.#props;
    const target = new LambdaFunction(provisioning.function.alias, {
      event: RuleTargetInput.fromObject({ refresh: properties }),
      deadLetterQueue: provisioning.deadLetters,
    });
    const pattern = {
      source: ["aws.secretsmanager"],
      detailType: ["AWS API Call via CloudTrail"],
      detail: {
        eventName: ["PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage"],
        requestParameters: { secretId: credential.spellings },
      },
    };
    new Rule(this, "CredentialChanged", { eventPattern: pattern, targets: [target] });
    new Rule(this, "CredentialDaily", { schedule: Schedule.rate(Duration.days(1)), targets: [target] });
  }
}

/**
 * The bundle id that SNS stores with a token credential: with Apple's suffix for VoIP, as in macro-inc/macro, the only
 * public product we found that sends VoIP this way (docs/unproven.md, `voip-bundle`).
 */
const bundleAtSns = ({ platform, bundle }: AppSettings, { fallbacks }: StageConfig): string =>
  platform.startsWith("APNS_VOIP") && fallbacks.voipBundle === "suffixed" ? `${bundle}.voip` : bundle;
