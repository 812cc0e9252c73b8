import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { PolicyStatement, type IRole } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { PublicHostedZone } from "aws-cdk-lib/aws-route53";
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from "aws-cdk-lib/aws-ses";
import type { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { EventTopic } from "./constructs/event-topic.ts";

/** The sender of our mails: identity, how mails leave, and where bounces and complaints are told. */
export class MailStack extends Stack {
  readonly identity: EmailIdentity;
  readonly configurationSet: ConfigurationSet;
  readonly events: EventTopic;

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps & { readonly eventsKey: IKey }) {
    super(scope, id, props);
    const { mailFromDomain } = config.mail;
    this.events = new EventTopic(this, "Events", props.eventsKey);
    this.configurationSet = new ConfigurationSet(this, "ConfigurationSet", {
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    this.configurationSet.addEventDestination("Failures", {
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    this.identity = new EmailIdentity(this, "Identity", {
      identity: this.#sender(config),
      configurationSet: this.configurationSet,
      ...(mailFromDomain !== undefined && { mailFromDomain }),
    });
    this.#tellDnsRecords(config);
  }

  /** Lets a role send as this identity, through this configuration set. */
  grantSend(role: IRole): void {
    const configurationSet = this.formatArn({
      service: "ses",
      resource: "configuration-set",
      resourceName: this.configurationSet.configurationSetName,
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["ses:SendEmail", "ses:SendRawEmail"],
        resources: [this.identity.emailIdentityArn, configurationSet],
      }),
    );
  }

  /** With the zone at hand, CDK also writes the DKIM and MAIL FROM records. */
  #sender({ mail: { identity }, hostedZone }: StageConfig): Identity {
    if (identity.includes("@")) return Identity.email(identity);
    if (hostedZone?.name !== identity) return Identity.domain(identity);
    const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, "Zone", {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    return Identity.publicHostedZone(zone);
  }

  #tellDnsRecords({ mail: { identity }, hostedZone }: StageConfig): void {
    if (identity.includes("@")) {
      new CfnOutput(this, "NextStep", { value: `Follow the link in the mail that AWS sent to ${identity}` });
    } else if (hostedZone?.name !== identity) {
      for (const [index, { name, value }] of this.identity.dkimRecords.entries())
        new CfnOutput(this, `DkimRecord${index + 1}`, { value: `${name} CNAME ${value}` });
    }
  }
}
