import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { PlatformApplication } from "../apps/platform-application.ts";
import type { StageConfig } from "../config.ts";
import { grantDescribe } from "../policies/app-rights.ts";
import { scheduleEvery } from "./shared/schedule.ts";
import { ServiceFunction } from "./shared/service-function.ts";

export interface CredentialWatchProps {
  readonly config: StageConfig;
  readonly applications: readonly PlatformApplication[];
}

/** Checks the apps' credentials and the certificate every hour; it cannot read the secrets. */
export class CredentialWatch extends ServiceFunction<"watch"> {
  constructor(scope: Construct, { config, applications }: CredentialWatchProps) {
    super(scope, "watch", {
      config,
      environment: {
        WATCHED_APPS: Stack.of(scope).toJsonString(applications.map(({ checked }) => checked)),
        PUBLIC_HOST: config.hostName,
      },
      failures: "A look that failed is counted, and there is another one in an hour.",
    });
    grantDescribe(this, applications);
    scheduleEvery(Duration.hours(1), this);
  }
}
