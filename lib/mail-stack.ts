import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
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
import { EventTopic } from "./apps/event-topic.ts";

/** Kept when removed from the template or replaced, but deleted if the deployment that creates it fails. */
const STAYS = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** A DNS record of a domain that sends emails. */
interface DnsRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/**
 * How emails are sent, and where bounces and complaints are reported. Includes the sender's identity unless it already
 * exists in SES (`mail.existing`).
 */
export class MailStack extends Stack {
  readonly configurationSet: ConfigurationSet;
  readonly events: EventTopic;

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps & { readonly eventsKey: IKey }) {
    super(scope, id, props);
    this.events = new EventTopic(this, "Events", props.eventsKey);
    this.configurationSet = new ConfigurationSet(this, "ConfigurationSet", {
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      // Our own list suppresses a bounced address for a week; SES's would until someone removes it.
      suppressionReasons: SuppressionReasons.COMPLAINTS_ONLY,
    });
    this.configurationSet.addEventDestination("Failures", {
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    // cdk-lib's destination adds a statement that checks the account.
    if (config.fallbacks.sourceAccount === "unchecked")
      this.events.allowPublisher("ses.amazonaws.com", config.fallbacks);
    if (!config.mail.existing) this.#makeIdentity(config);
  }

  #makeIdentity({ mail: { identity: name, mailFromDomain }, hostedZone }: StageConfig): void {
    const identity = new EmailIdentity(this, "Identity", {
      identity: name.includes("@") ? Identity.email(name) : Identity.domain(name),
      ...(mailFromDomain !== undefined && { mailFromDomain }),
    });
    // Kept whatever `removal` says: other stages may send from it (`mail.existing`), and it need not be verified again.
    identity.applyRemovalPolicy(STAYS);
    // Imported by service stacks older than `mail.existing`. Remove once none of them is deployed.
    this.exportValue(identity.emailIdentityName);
    if (name.includes("@"))
      new CfnOutput(this, "NextStep", { value: `Follow the link in the email that AWS sent to ${name}` });
    else if (hostedZone !== undefined && within(name, hostedZone.name))
      this.#writeRecords(hostedZone.id, identity, mailFromDomain);
    else this.#tellRecords(identity, mailFromDomain);
  }

  #records({ dkimRecords }: EmailIdentity, mailFromDomain: string | undefined): readonly DnsRecord[] {
    const dkim = dkimRecords.map(({ name, value }, i) => ({ id: `DkimRecord${i + 1}`, name, type: "CNAME", value }));
    if (mailFromDomain === undefined) return dkim;
    const server = `10 feedback-smtp.${this.region}.amazonses.com`;
    return [
      ...dkim,
      { id: "MailFromMx", name: mailFromDomain, type: "MX", value: server },
      { id: "MailFromTxt", name: mailFromDomain, type: "TXT", value: '"v=spf1 include:amazonses.com ~all"' },
    ];
  }

  #writeRecords(hostedZoneId: string, identity: EmailIdentity, mailFromDomain: string | undefined): void {
    for (const { id, name, type, value } of this.#records(identity, mailFromDomain)) {
      const record = new CfnRecordSet(this, id, { hostedZoneId, name, type, resourceRecords: [value], ttl: "1800" });
      // The kept identity needs its DKIM records to stay verified and to sign. Without the MAIL FROM records SES falls
      // back to a domain of its own (AWS::SES::EmailIdentity, BehaviorOnMxFailure).
      if (type === "CNAME") record.applyRemovalPolicy(STAYS);
    }
  }

  #tellRecords(identity: EmailIdentity, mailFromDomain: string | undefined): void {
    for (const { id, name, type, value } of this.#records(identity, mailFromDomain))
      new CfnOutput(this, id, { value: `${name} ${type} ${value}` });
  }
}
