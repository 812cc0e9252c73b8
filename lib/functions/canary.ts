import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { CANARY_ACCOUNT } from "../../lambdas/core/monitoring/canary.ts";
import { grantPush } from "../policies/app-rights.ts";
import { onlyKeys } from "../storage/service-table.ts";
import type { Parts } from "./shared/parts.ts";
import { scheduleEvery } from "./shared/schedule.ts";
import { ServiceFunction } from "./shared/service-function.ts";

const account: typeof CANARY_ACCOUNT = "canary";

interface CanaryProps extends Parts<"canaryPhone" | "applications"> {
  /** Where it connects: a URL without the component that some PBXes leave out. */
  readonly openUrl: string;
}

/** A test PBX that goes through the whole service every minute or so. It may touch the rows of its own account only. */
export class Canary extends ServiceFunction<"canary"> {
  constructor(scope: Construct, { config, tables, openUrl, canaryPhone, applications }: CanaryProps) {
    super(scope, "canary", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        OPEN_URL: openUrl,
        PHONE_QUEUE_URL: canaryPhone.queue.queueUrl,
        PROBED_APPS: Stack.of(scope).toJsonString(
          applications.map(({ checked: { id, applicationArn } }) => ({ id, applicationArn })),
        ),
      },
      failures: "A run that failed is counted, and the next one starts over.",
    });
    tables.core.grantReadWrite(this.role, onlyKeys(config, [`DOMAIN#${account}`]));
    tables.secrets.grantReadWrite(this.role, onlyKeys(config, [account]));
    canaryPhone.queue.grantConsumeMessages(this.role);
    // The same statements as the push function's, so that the canary proves they work.
    grantPush(this, config, applications, ["sns:Publish"]);
    scheduleEvery(Duration.minutes(config.canaryMinutes), this);
  }
}
