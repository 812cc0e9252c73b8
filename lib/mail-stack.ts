import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { PolicyStatement, type IRole } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnRecordSet } from "aws-cdk-lib/aws-route53";
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
import { within, type StageConfig } from "./config.ts";
import { EventTopic } from "./constructs/event-topic.ts";

/** What is in the DNS of a domain that mails come from. */
interface DnsRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** The sender of our mails: identity, how mails leave, and where bounces and complaints are told. */
export class MailStack extends Stack {
  readonly identity: EmailIdentity;
  readonly configurationSet: ConfigurationSet;
  readonly events: EventTopic;

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps & { readonly eventsKey: IKey }) {
    super(scope, id, props);
    const { identity, mailFromDomain } = config.mail;
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
    // The destination brings a statement of its own, which checks the account.
    if (config.fallbacks.sourceAccount === "unchecked") this.events.allowPublisher("ses.amazonaws.com", config.fallbacks);
    this.identity = new EmailIdentity(this, "Identity", {
      identity: identity.includes("@") ? Identity.email(identity) : Identity.domain(identity),
      configurationSet: this.configurationSet,
      ...(mailFromDomain !== undefined && { mailFromDomain }),
    });
    if (identity.includes("@"))
      new CfnOutput(this, "NextStep", { value: `Follow the link in the mail that AWS sent to ${identity}` });
    else if (config.hostedZone !== undefined && within(identity, config.hostedZone.name))
      this.#writeRecords(config.hostedZone.id, mailFromDomain);
    else this.#tellRecords(mailFromDomain);
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

  #records(mailFromDomain: string | undefined): readonly DnsRecord[] {
    const dkim = this.identity.dkimRecords.map(({ name, value }, i) => ({ id: `DkimRecord${i + 1}`, name, type: "CNAME", value }));
    if (mailFromDomain === undefined) return dkim;
    const server = `10 feedback-smtp.${this.region}.amazonses.com`;
    return [
      ...dkim,
      { id: "MailFromMx", name: mailFromDomain, type: "MX", value: server },
      { id: "MailFromTxt", name: mailFromDomain, type: "TXT", value: '"v=spf1 include:amazonses.com ~all"' },
    ];
  }

  #writeRecords(hostedZoneId: string, mailFromDomain: string | undefined): void {
    for (const { id, name, type, value } of this.#records(mailFromDomain))
      new CfnRecordSet(this, id, { hostedZoneId, name, type, resourceRecords: [value], ttl: "1800" });
  }

  #tellRecords(mailFromDomain: string | undefined): void {
    for (const { id, name, type, value } of this.#records(mailFromDomain))
      new CfnOutput(this, id, { value: `${name} ${type} ${value}` });
  }
}
