import { gunzipSync } from "node:zlib";
import middy from "@middy/core";
import * as v from "valibot";
import type { Reporter } from "../ports/telemetry.ts";

/** One log event of a subscription. */
export interface LogEvent {
  /** Unique to the event. */
  readonly id: string;
  /** The line as it was written. */
  readonly message: string;
}

export interface LogsOptions {
  readonly telemetry: Reporter;
  /** Names the function in the metric of unexpected errors. */
  readonly name: string;
}

/** CloudWatch Logs packs at most 1 MB into a batch; more than this is not one of its deliveries. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * What CloudWatch Logs delivers to a subscribed function: gzip in base64 under `awslogs.data`. A CONTROL_MESSAGE only
 * checks that the function can be reached. Source: CloudWatch Logs User Guide, "Log group-level subscription filters",
 * example 2 (AWS Lambda).
 */
const Delivery = v.object({ awslogs: v.object({ data: v.string() }) });
const Batch = v.variant("messageType", [
  v.object({ messageType: v.literal("CONTROL_MESSAGE") }),
  v.object({
    messageType: v.literal("DATA_MESSAGE"),
    logEvents: v.array(v.object({ id: v.string(), message: v.string() })),
  }),
]);

/**
 * The stack of a function that log groups feed and that also runs on a schedule: any event that is not a delivery is a
 * scheduled run. An error fails the invocation, so that Lambda or CloudWatch Logs delivers it again.
 */
export function logs(
  {
    take,
    flush,
  }: { readonly take: (events: readonly LogEvent[]) => Promise<void>; readonly flush: () => Promise<void> },
  { telemetry, name }: LogsOptions,
) {
  return middy<unknown, void>(async (event: unknown) => {
    const delivery = v.safeParse(Delivery, event);
    if (!delivery.success) return flush();
    const batch = unpack(delivery.output.awslogs.data);
    return batch.messageType === "DATA_MESSAGE" ? take(batch.logEvents) : undefined;
  })
    .before(({ context }) => telemetry.begin({ requestId: context.awsRequestId }))
    .after(() => telemetry.flush())
    .onError(({ error }) => {
      telemetry.log("error", "delivery failed", { error: error?.message, kind: error?.name });
      telemetry.metric("Unexpected", 1, { outcome: name });
      telemetry.flush();
    });
}

const unpack = (data: string): v.InferOutput<typeof Batch> =>
  v.parse(Batch, JSON.parse(gunzipSync(Buffer.from(data, "base64"), { maxOutputLength: MOST_BYTES }).toString("utf8")));
