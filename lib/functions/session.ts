import type { Construct } from "constructs";
import { addressVariable } from "../api/viewer-request.ts";
import type { Parts } from "./shared/parts.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";

/** A PBX's connection: handshake, login, and all messages but posts. */
export class SessionFunction extends ServiceFunction<"session"> {
  constructor(scope: Construct, { config, tables, checks }: Parts<"checks">) {
    super(scope, "session", {
      config,
      environment: {
        CORE_TABLE: tables.core.tableName,
        SESSIONS_TABLE: tables.sessions.tableName,
        SECRETS_TABLE: tables.secrets.tableName,
        LIMITS: JSON.stringify(config.limits),
        ...addressVariable(config),
        CHECK_QUEUE_URL: checks.queue.queueUrl,
      },
      failures: ANSWERED,
    });
    tables.secrets.grantRead(this.role);
    tables.core.grantRead(this.role);
    tables.sessions.grantReadWrite(this.role);
    checks.queue.grantSendMessages(this.role);
  }
}
