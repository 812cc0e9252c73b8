import type { Construct } from "constructs";
import type { Parts } from "./shared/parts.ts";
import { scheduleDaily } from "./shared/schedule.ts";
import { FROM_QUEUE, ServiceFunction } from "./shared/service-function.ts";

/** Closes connections that are no longer allowed, deletes accounts, and expires domains once a day. */
export class HousekeepingFunction extends ServiceFunction<"housekeeping"> {
  constructor(scope: Construct, { config, tables, mails, checks, pbxApi }: Parts<"mails" | "checks" | "pbxApi">) {
    super(scope, "housekeeping", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        MAIL_QUEUE_URL: mails.queue.queueUrl,
        CHECK_QUEUE_URL: checks.queue.queueUrl,
        CALLBACK_URL: pbxApi.url,
      },
      failures: FROM_QUEUE,
    });
    tables.secrets.grantDelete(this.role, { blind: true });
    tables.core.grantReadWrite(this.role, { partitions: true, indexes: ["byKind"] });
    tables.sessions.grantReadWrite(this.role, { indexes: ["byDomain"] });
    pbxApi.grantCloseConnections(this);
    checks.queue.grantSendMessages(this.role);
    mails.queue.grantSendMessages(this.role);
    this.addQueueTrigger(checks, 10);
    scheduleDaily(scope, "Tidy", checks, { kind: "tidy" });
  }
}
