import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { NotYet } from "../ports/errors.ts";
import type { Reporter } from "../ports/telemetry.ts";

export interface QueueOptions {
  readonly telemetry: Reporter;
  /** Names the function in the metric of unexpected errors. */
  readonly name: string;
}

/**
 * The queue stack: every message by itself, in order; one that fails is reported alone (ReportBatchItemFailures), comes
 * back after the visibility time-out, and finally goes to the dead-letter queue. `handle` throws to get a message
 * again, NotYet if nothing failed.
 */
export function queue(handle: (message: unknown) => Promise<void>, { telemetry, name }: QueueOptions) {
  return middy<SQSEvent, SQSBatchResponse>(async (event: SQSEvent) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      telemetry.begin({ messageId: record.messageId });
      try {
        await handle(JSON.parse(record.body));
      } catch (error) {
        batchItemFailures.push({ itemIdentifier: record.messageId });
        const { name: kind, message } = error instanceof Error ? error : new Error("no error object");
        if (error instanceof NotYet) {
          telemetry.log("info", "message put back", { reason: message });
          continue;
        }
        telemetry.log("error", "message failed", { kind, error: message });
        telemetry.metric("Unexpected", 1, { outcome: name });
      }
    }
    return { batchItemFailures };
  }).after(() => telemetry.flush());
}
