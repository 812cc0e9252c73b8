import type { Construct } from "constructs";
import { onlyKeys } from "../storage/service-table.ts";
import type { Parts } from "./shared/parts.ts";
import { FROM_QUEUE, ServiceFunction } from "./shared/service-function.ts";

/** What SNS reports about endpoints and deliveries. */
export class EventsFunction extends ServiceFunction<"events"> {
  constructor(scope: Construct, { config, tables, feedback }: Parts<"feedback">) {
    super(scope, "events", {
      config,
      environment: { LIMITS: JSON.stringify(config.limits), CORE_TABLE: tables.core.tableName },
      failures: FROM_QUEUE,
    });
    tables.core.grantReadWrite(this.role, { ...onlyKeys(config, ["DEVICE#*", "BREAKER#*"]), indexes: ["byEndpoint"] });
    this.addQueueTrigger(feedback, 10);
  }
}
