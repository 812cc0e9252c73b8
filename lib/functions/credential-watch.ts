import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { grantDescribe } from "../policies/app-rights.ts";
import type { AllParts } from "./shared/parts.ts";
import { scheduleEvery } from "./shared/schedule.ts";
import { ServiceFunction } from "./shared/service-function.ts";

/** Checks the apps' credentials and the certificate every hour; it cannot read the secrets. */
export class CredentialWatch extends ServiceFunction<"watch"> {
  constructor(scope: Construct, { config, applications }: Pick<AllParts, "config" | "applications">) {
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
