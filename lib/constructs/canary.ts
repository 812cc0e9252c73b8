import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { CANARY_ACCOUNT } from "../../lambdas/core/monitoring/canary.ts";
import type { StageConfig } from "../config.ts";
import type { DataStack } from "../data-stack.ts";
import type { ServiceStack } from "../service-stack.ts";
import { runEvery } from "./run-every.ts";
import { ServiceFunction } from "./service-function.ts";

const account: typeof CANARY_ACCOUNT = "canary";

/** A PBX that checks all there is, every minute or so; it may touch the rows of its own account and no others. */
export class Canary extends ServiceFunction<"canary"> {
  constructor(scope: Construct, config: StageConfig, data: DataStack, { openUrl, canaryPhone }: ServiceStack) {
    super(scope, "canary", {
      config,
      environment: {
        STAGE: config.name,
        CORE_TABLE: data.core.tableName,
        SECRETS_TABLE: data.secrets.tableName,
        OPEN_URL: openUrl,
        PHONE_QUEUE_URL: canaryPhone.queue.queueUrl,
      },
      failures: "A run that failed is counted, and the next one begins anew.",
    });
    const only = (keys: readonly string[]) => (config.fallbacks.rights === "exact" ? { keys } : {});
    data.core.allow(this.role, "read-write", only([`DOMAIN#${account}`]));
    data.secrets.allow(this.role, "read-write", only([account]));
    canaryPhone.queue.grantConsumeMessages(this.role);
    runEvery(Duration.minutes(config.canaryMinutes), this);
  }
}
