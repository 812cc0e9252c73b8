import middy from "@middy/core";
import type { Reporter } from "../ports/telemetry.ts";

export interface ScheduleOptions {
  readonly telemetry: Reporter;
}

/** The schedule stack: runs whatever the event holds. An error fails the invocation, which Lambda counts. */
export function schedule(run: () => Promise<void>, { telemetry }: ScheduleOptions) {
  return middy<unknown, void>(async () => run())
    .before(({ context }) => telemetry.begin({ requestId: context.awsRequestId }))
    .after(() => telemetry.flush())
    .onError(({ error }) => {
      telemetry.log("error", "run failed", { error: error?.message, kind: error?.name });
      telemetry.flush();
    });
}
