import middy from "@middy/core";
import type { Reporter } from "../ports/telemetry.ts";

export interface ScheduleOptions {
  readonly telemetry: Reporter;
}

/** The schedule stack: whatever the event holds, the time has come. What is thrown fails the invocation: Lambda counts it. */
export function schedule(run: () => Promise<void>, { telemetry }: ScheduleOptions) {
  return middy<unknown, void>(async () => run())
    .before(({ context }) => telemetry.begin({ requestId: context.awsRequestId }))
    .after(() => telemetry.flush())
    .onError(({ error }) => {
      telemetry.log("error", "run failed", { error: error?.message, kind: error?.name });
      telemetry.flush();
    });
}
