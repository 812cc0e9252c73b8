import type { Construct } from "constructs";
import { grantPush } from "../policies/app-rights.ts";
import { onlyKeys } from "../storage/service-table.ts";
import type { Parts } from "./shared/parts.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

type PushParts = Parts<"checks" | "apps" | "applications" | "canaryPhone" | "tokenPublicKey">;

/** A post: token, device, message, Publish, answer. */
export class PushFunction extends ServiceFunction<"push"> {
  constructor(scope: Construct, props: PushParts) {
    const { config, tables, checks } = props;
    super(scope, "push", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        LIMITS: JSON.stringify(config.limits),
        APPS: props.apps,
        CHECK_QUEUE_URL: checks.queue.queueUrl,
        TOKEN_PUBLIC_KEY: props.tokenPublicKey,
        DEADLINE_MS: String(config.deadlineMs),
      },
      failures: ANSWERED,
    });
    // One BatchGetItem reads both tables, and whether IAM checks each table's keys alone is not documented.
    const rows = onlyKeys(config, ["DEVICE#*", "BREAKER#*", "TOKENS#*", "CONN#*"]);
    tables.core.grantReadWrite(this.role, rows);
    tables.sessions.grantRead(this.role, rows);
    grantPush(this, config, props.applications, ["sns:Publish", "sns:SetEndpointAttributes"]);
    props.canaryPhone.grantPublish(this.role);
    checks.queue.grantSendMessages(this.role);
  }
}
