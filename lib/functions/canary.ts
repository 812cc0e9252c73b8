import { Duration, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { CANARY_ACCOUNT } from "../../lambdas/core/monitoring/canary.ts";
import type { StageConfig } from "../config.ts";
import type { DataStack } from "../data-stack.ts";
import type { ServiceStack } from "../service-stack.ts";
import { letPush } from "../policies/push-rights.ts";
import { runEvery } from "./run-every.ts";
import { ServiceFunction } from "./service-function.ts";
import { widenPush } from "../policies/wide-rights.ts";

const account: typeof CANARY_ACCOUNT = "canary";

/** A PBX that checks all there is, every minute or so; it may touch the rows of its own account and no others. */
export class Canary extends ServiceFunction<"canary"> {
  constructor(
    scope: Construct,
    config: StageConfig,
    data: DataStack,
    { openUrl, canaryPhone, applications }: ServiceStack,
  ) {
    super(scope, "canary", {
      config,
      environment: {
        STAGE: config.name,
        CORE_TABLE: data.core.tableName,
        SECRETS_TABLE: data.secrets.tableName,
        OPEN_URL: openUrl,
        PHONE_QUEUE_URL: canaryPhone.queue.queueUrl,
        PROBED_APPS: Stack.of(scope).toJsonString(
          applications.map(({ watched: { id, applicationArn } }) => ({ id, applicationArn })),
        ),
      },
      failures: "A run that failed is counted, and the next one begins anew.",
    });
    const only = (keys: readonly string[]) => (config.fallbacks.rights === "exact" ? { keys } : {});
    data.core.allow(this.role, "read-write", only([`DOMAIN#${account}`]));
    data.secrets.allow(this.role, "read-write", only([account]));
    canaryPhone.queue.grantConsumeMessages(this.role);
    // In the form of the push function's rights, which is what it proves.
    if (applications.length > 0) letPush(this, applications, ["sns:Publish"]);
    if (config.fallbacks.rights === "wide") widenPush(this, ["sns:CreatePlatformEndpoint", "sns:Publish"]);
    runEvery(Duration.minutes(config.canaryMinutes), this);
  }
}
