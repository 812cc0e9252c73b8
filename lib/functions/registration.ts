import type { Construct } from "constructs";
import { addressVariable } from "../api/viewer-request.ts";
import { grantTestPush } from "../policies/app-rights.ts";
import type { Parts } from "./shared/parts.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

type RegistrationParts = Parts<
  "mails" | "checks" | "pbxApi" | "publicUrl" | "pushUrl" | "apps" | "applications" | "tokenPublicKey"
>;

/** The pages: Connect window, confirmation, and what an owner does with a domain. */
export class RegistrationFunction extends ServiceFunction<"registration"> {
  constructor(scope: Construct, props: RegistrationParts) {
    const { config, tables, mails, checks, pbxApi } = props;
    super(scope, "registration", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        OPERATOR: JSON.stringify(config.operator),
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
