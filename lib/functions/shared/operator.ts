import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Entrypoint } from "../../../lambdas/env.ts";
import { grantDescribe, grantPush } from "../../policies/app-rights.ts";
import type { Parts } from "./parts.ts";
import type { ServiceFunction } from "./service-function.ts";

export type OperatorProps = Parts<
  "mails" | "checks" | "pbxApi" | "pushUrl" | "apps" | "applications" | "tokenPublicKey"
>;

/** Environment of the functions behind command line and console. */
export function operatorEnvironment(scope: Construct, props: OperatorProps) {
  const { config, tables, mails, checks, pbxApi, applications } = props;
  const vaultNames = Object.fromEntries(applications.map(({ checked: { id, secret } }) => [id, secret]));
  return {
    CORE_TABLE: tables.core.tableName,
    SESSIONS_TABLE: tables.sessions.tableName,
    SECRETS_TABLE: tables.secrets.tableName,
    MAIL_QUEUE_URL: mails.queue.queueUrl,
    CHECK_QUEUE_URL: checks.queue.queueUrl,
    CALLBACK_URL: pbxApi.url,
    PUSH_URL: props.pushUrl,
    TEST_SECRETS: config.testSecrets ? ("yes" as const) : undefined,
    APPS: props.apps,
    VAULT_NAMES: Stack.of(scope).toJsonString(vaultNames),
    TOKEN_PUBLIC_KEY: props.tokenPublicKey,
  };
}

/** Rights of the functions behind command line and console. */
export function grantOperator(operator: ServiceFunction<Entrypoint>, props: OperatorProps): void {
  const { config, tables, mails, checks, pbxApi, applications } = props;
  tables.secrets.grantWrite(operator.role, { blind: true });
  tables.core.grantReadWrite(operator.role, { partitions: true, indexes: ["byKind"] });
  tables.sessions.grantReadWrite(operator.role, { indexes: ["byDomain"] });
  grantDescribe(operator, applications);
  // A test push is sent like a PBX's post.
  grantPush(operator, config, applications, ["sns:Publish", "sns:SetEndpointAttributes"]);
  pbxApi.grantCloseConnections(operator);
  pbxApi.grantReadConnections(operator);
  checks.queue.grantSendMessages(operator.role);
  mails.queue.grantSendMessages(operator.role);
}
