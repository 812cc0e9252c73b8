import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { PbxApi } from "../api/pbx-api.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import type { StageConfig } from "../config.ts";
import { grantDescribe, grantPush } from "../policies/app-rights.ts";
import type { WorkQueue } from "../queues/work-queue.ts";
import type { Tables } from "../storage/service-table.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

export interface AdminFunctionProps {
  readonly config: StageConfig;
  readonly tables: Tables;
  readonly mails: WorkQueue;
  readonly checks: WorkQueue;
  readonly pbxApi: PbxApi;
  /** What an administrator enters in the Push object. */
  readonly pushUrl: string;
  /** Value of APPS. */
  readonly apps: string;
  readonly applications: readonly PlatformApplication[];
  readonly tokenPublicKey: string;
}

/** The operator's commands and queries. */
export class AdminFunction extends ServiceFunction<"admin"> {
  constructor(scope: Construct, props: AdminFunctionProps) {
    const { config, tables, mails, checks, pbxApi, applications } = props;
    const vaultNames = Object.fromEntries(applications.map(({ checked: { id, secret } }) => [id, secret]));
    super(scope, "admin", {
      config,
      environment: {
        STAGE: config.name,
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        MAIL_QUEUE_URL: mails.queue.queueUrl,
        CHECK_QUEUE_URL: checks.queue.queueUrl,
        CALLBACK_URL: pbxApi.url,
        PUSH_URL: props.pushUrl,
        APPS: props.apps,
        VAULT_NAMES: Stack.of(scope).toJsonString(vaultNames),
        TOKEN_PUBLIC_KEY: props.tokenPublicKey,
      },
      failures: ANSWERED,
    });
    tables.secrets.grantWrite(this.role, { blind: true });
    tables.core.grantReadWrite(this.role, { partitions: true, indexes: ["byKind"] });
    tables.sessions.grantReadWrite(this.role, { indexes: ["byDomain"] });
    grantDescribe(this, applications);
    // The operator's test push takes the same way as a PBX's.
    grantPush(this, config, applications, ["sns:Publish", "sns:SetEndpointAttributes"]);
    pbxApi.grantCloseConnections(this);
    pbxApi.grantReadConnections(this);
    checks.queue.grantSendMessages(this.role);
    mails.queue.grantSendMessages(this.role);
  }
}
