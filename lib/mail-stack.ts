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

/** Kept when it leaves the template or is replaced; a deployment that makes it and fails takes it away again. */
const STAYS = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** What is in the DNS of a domain that emails come from. */
interface DnsRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/**
 * What emails leave by, and where bounces and complaints are reported. The sender's identity too, unless SES has it
 * already (`mail.existing`).
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
      // Our own list lets a bounced address have email again after a week; SES's keeps it until it is deleted.
      suppressionReasons: SuppressionReasons.COMPLAINTS_ONLY,
    });
    this.configurationSet.addEventDestination("Failures", {
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    // The destination brings a statement of its own, which checks the account.
    if (config.fallbacks.sourceAccount === "unchecked")
      this.events.allowPublisher("ses.amazonaws.com", config.fallbacks);
    if (!config.mail.existing) this.#makeIdentity(config);
  }

  #makeIdentity({ mail: { identity: name, mailFromDomain }, hostedZone }: StageConfig): void {
    const identity = new EmailIdentity(this, "Identity", {
      identity: name.includes("@") ? Identity.email(name) : Identity.domain(name),
      ...(mailFromDomain !== undefined && { mailFromDomain }),
    });
    // It stays when it leaves the template, with any `removal`: other stages may send as it (`mail.existing`), and what
    // was verified once need not be verified again.
    identity.applyRemovalPolicy(STAYS);
    // Service stacks of before `mail.existing` import it. Remove it when none of them is deployed any more.
    this.exportValue(identity.emailIdentityName);
    if (name.includes("@"))
      new CfnOutput(this, "NextStep", { value: `Follow the link in the mail that AWS sent to ${name}` });
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
      // The identity that stays is verified and signed for by them; without those of MAIL FROM, SES falls back to a
      // domain of its own (AWS::SES::EmailIdentity, BehaviorOnMxFailure).
      if (type === "CNAME") record.applyRemovalPolicy(STAYS);
    }
  }

  #tellRecords(identity: EmailIdentity, mailFromDomain: string | undefined): void {
    for (const { id, name, type, value } of this.#records(identity, mailFromDomain))
      new CfnOutput(this, id, { value: `${name} ${type} ${value}` });
  }
}
