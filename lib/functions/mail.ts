import type { Construct } from "constructs";
import { grantSendEmail } from "../policies/mail-rights.ts";
import type { Parts } from "./shared/parts.ts";
import { FROM_QUEUE, ServiceFunction } from "./shared/service-function.ts";

/** Sends emails, and learns which of them bounced. */
export class MailFunction extends ServiceFunction<"mail"> {
  constructor(
    scope: Construct,
    { config, tables, mails, configurationSet, publicUrl }: Parts<"mails" | "configurationSet" | "publicUrl">,
  ) {
    super(scope, "mail", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        LIMITS: JSON.stringify(config.limits),
        PUBLIC_URL: publicUrl,
        OPERATOR: JSON.stringify(config.operator),
        MAIL_FROM: config.mail.from,
        CONFIGURATION_SET: configurationSet.configurationSetName,
      },
      failures: FROM_QUEUE,
    });
    tables.core.grantReadWrite(this.role, { indexes: ["byKind"] });
    tables.sessions.grantReadWrite(this.role);
    grantSendEmail(this, config, configurationSet);
    this.addQueueTrigger(mails, 1);
  }
}
