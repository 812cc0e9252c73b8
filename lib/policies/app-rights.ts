import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Entrypoint } from "../../lambdas/env.ts";
import { grantSecretAction } from "../apps/app-credential.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import type { StageConfig } from "../config.ts";
import type { ServiceFunction } from "../functions/shared/service-function.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";
import { grantWideIfAsked } from "./wide-rights.ts";

/** Lets a function create endpoints and call these actions on them. */
export function grantPush(
  sender: ServiceFunction<Entrypoint>,
  config: StageConfig,
  applications: readonly PlatformApplication[],
  onEndpoints: readonly string[],
): void {
  grantOnApps(sender, config, applications, ["sns:CreatePlatformEndpoint", ...onEndpoints], onEndpoints);
}

/** Lets a function send to existing endpoints, without creating or changing any. */
export const grantTestPush = (
  sender: ServiceFunction<Entrypoint>,
  config: StageConfig,
  applications: readonly PlatformApplication[],
): void => grantOnApps(sender, config, applications, ["sns:Publish"], ["sns:Publish"]);

/**
 * AWS checks the application's ARN, as recorded refusals show (privruler/PrivRuler-Public, SNSTest.java), but documents
 * the endpoint's: we name both.
 */
function grantOnApps(
  sender: ServiceFunction<Entrypoint>,
  config: StageConfig,
  applications: readonly PlatformApplication[],
  actions: readonly string[],
  onEndpoints: readonly string[],
): void {
  grantWideIfAsked(sender, "WidePush", config, actions);
  if (applications.length === 0) return;
  const arns = applications.map(({ applicationArn }) => applicationArn);
  sender.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: arns }));
  const reason = "Endpoints are made by SNS, one for each phone, under names nobody knows before; this is one app's.";
  new ReasonedPolicy(sender, "Publish", sender.role, reason, {
    actions: onEndpoints,
    resources: applications.map(({ endpointArns }) => endpointArns),
  });
}

/** Reads the state of the SNS applications and the age of their credentials, but no secret. */
export function grantDescribe(reader: ServiceFunction<Entrypoint>, applications: readonly PlatformApplication[]): void {
  if (applications.length === 0) return;
  const arns = applications.map(({ applicationArn }) => applicationArn);
  reader.role.addToPolicy(new PolicyStatement({ actions: ["sns:GetPlatformApplicationAttributes"], resources: arns }));
  const secrets = [...new Set(applications.map(({ credentialArn }) => credentialArn))];
  grantSecretAction(reader, "LookAtSecrets", "secretsmanager:DescribeSecret", secrets);
}
