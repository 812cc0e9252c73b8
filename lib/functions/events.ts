import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import type { WorkQueue } from "../queues/work-queue.ts";
import { onlyKeys, type Tables } from "../storage/service-table.ts";
import { FROM_QUEUE, ServiceFunction } from "./shared/service-function.ts";

export interface EventsFunctionProps {
  readonly config: StageConfig;
  readonly tables: Tables;
  readonly feedback: WorkQueue;
}

/** What SNS reports about endpoints and deliveries. */
export class EventsFunction extends ServiceFunction<"events"> {
  constructor(scope: Construct, { config, tables, feedback }: EventsFunctionProps) {
    super(scope, "events", {
      config,
      environment: { LIMITS: JSON.stringify(config.limits), CORE_TABLE: tables.core.tableName },
      failures: FROM_QUEUE,
    });
    tables.core.grantReadWrite(this.role, { ...onlyKeys(config, ["DEVICE#*", "BREAKER#*"]), indexes: ["byEndpoint"] });
    this.addQueueTrigger(feedback, 10);
  }
}
