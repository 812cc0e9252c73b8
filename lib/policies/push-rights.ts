import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Entrypoint } from "../../lambdas/env.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";
import type { ServiceFunction } from "../functions/service-function.ts";

/**
 * Lets a function do these things with endpoints, and make them. AWS decides by the application's ARN, as recorded refusals
 * show (privruler/PrivRuler-Public, SNSTest.java); its documents speak of endpoints, so both are named.
 */
export function letPush(
  sender: ServiceFunction<Entrypoint>,
  applications: readonly PlatformApplication[],
  onEndpoints: readonly string[],
): void {
  const arns = applications.map(({ applicationArn }) => applicationArn);
  const reason = "Endpoints are made by SNS, one for each phone, under names nobody knows before; this is one app's.";
  sender.role.addToPolicy(
    new PolicyStatement({ actions: ["sns:CreatePlatformEndpoint", ...onEndpoints], resources: arns }),
  );
  new ReasonedPolicy(sender, "Publish", sender.role, reason, {
    actions: onEndpoints,
    resources: applications.map(({ endpointArns }) => endpointArns),
  });
}
