import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Entrypoint } from "../../lambdas/env.ts";
import type { StageConfig } from "../config.ts";
import { letUseSecrets } from "../apps/app-credential.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import { runEvery } from "./run-every.ts";
import { ServiceFunction } from "./service-function.ts";

/** Looks at the apps' credentials and the certificate every hour; it sees no secret's value. */
export class CredentialWatch extends ServiceFunction<"watch"> {
  constructor(scope: Construct, config: StageConfig, applications: readonly PlatformApplication[]) {
    super(scope, "watch", {
      config,
      environment: {
        STAGE: config.name,
        WATCHED_APPS: Stack.of(scope).toJsonString(applications.map(({ watched }) => watched)),
        PUBLIC_HOST: config.hostName,
      },
      failures: "A look that failed is counted, and there is another one in an hour.",
    });
    if (applications.length > 0) letLookAtCredentials(this, applications);
    runEvery(Duration.hours(1), this);
  }
}

/** State of the SNS applications and age of their credentials, without any secret's value. */
export function letLookAtCredentials(
  watcher: ServiceFunction<Entrypoint>,
  applications: readonly PlatformApplication[],
): void {
  const { role } = watcher;
  const arns = applications.map(({ applicationArn }) => applicationArn);
  role.addToPolicy(new PolicyStatement({ actions: ["sns:GetPlatformApplicationAttributes"], resources: arns }));
  const secrets = [...new Set(applications.map(({ credentialArn }) => credentialArn))];
  letUseSecrets(watcher, "LookAtSecrets", "secretsmanager:DescribeSecret", secrets);
}
