import type { Construct } from "constructs";
import type { PbxApi } from "../api/pbx-api.ts";
import { addressVariable } from "../api/viewer-request.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import type { StageConfig } from "../config.ts";
import { grantTestPush } from "../policies/app-rights.ts";
import type { WorkQueue } from "../queues/work-queue.ts";
import type { Tables } from "../storage/service-table.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

export interface RegistrationFunctionProps {
  readonly config: StageConfig;
  readonly tables: Tables;
  readonly mails: WorkQueue;
  readonly checks: WorkQueue;
  readonly pbxApi: PbxApi;
  /** Base of the pages, without a trailing slash. */
  readonly publicUrl: string;
  /** What an administrator enters in the Push object. */
  readonly pushUrl: string;
  /** Value of APPS. */
  readonly apps: string;
  readonly applications: readonly PlatformApplication[];
  readonly tokenPublicKey: string;
}

/** The pages: Connect window, confirmation, and what an owner does with a domain. */
export class RegistrationFunction extends ServiceFunction<"registration"> {
  constructor(scope: Construct, props: RegistrationFunctionProps) {
    const { config, tables, mails, checks, pbxApi } = props;
    super(scope, "registration", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        LIMITS: JSON.stringify(config.limits),
        ...addressVariable(config),
        MAIL_QUEUE_URL: mails.queue.queueUrl,
        CHECK_QUEUE_URL: checks.queue.queueUrl,
        CALLBACK_URL: pbxApi.url,
        PUBLIC_URL: props.publicUrl,
        PUSH_URL: props.pushUrl,
        APPS: props.apps,
        TOKEN_PUBLIC_KEY: props.tokenPublicKey,
        RECENT_POSTS: config.recentPosts ? undefined : "off",
        CERTIFICATE: config.fallbacks.certificateArn === undefined ? undefined : "imported",
      },
      failures: ANSWERED,
    });
    tables.secrets.grantReadWrite(this.role);
    tables.core.grantReadWrite(this.role, { indexes: ["byKind"] });
    tables.sessions.grantReadWrite(this.role, { indexes: ["byDomain"] });
    pbxApi.grantReadConnections(this);
    if (config.recentPosts) grantTestPush(this, config, props.applications);
    checks.queue.grantSendMessages(this.role);
    mails.queue.grantSendMessages(this.role);
  }
}
