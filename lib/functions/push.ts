import type { Construct } from "constructs";
import type { CanaryPhone } from "../apps/canary-phone.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import type { StageConfig } from "../config.ts";
import { grantPush } from "../policies/app-rights.ts";
import type { WorkQueue } from "../queues/work-queue.ts";
import { onlyKeys, type Tables } from "../storage/service-table.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

export interface PushFunctionProps {
  readonly config: StageConfig;
  readonly tables: Tables;
  readonly checks: WorkQueue;
  /** Value of APPS. */
  readonly apps: string;
  readonly applications: readonly PlatformApplication[];
  readonly canaryPhone: CanaryPhone;
  readonly tokenPublicKey: string;
}

/** A post: token, device, message, Publish, answer. */
export class PushFunction extends ServiceFunction<"push"> {
  constructor(scope: Construct, props: PushFunctionProps) {
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
