import { cloudWatchClient } from "../adapters/aws/clients.ts";
import { cloudWatchHealth } from "../adapters/aws/health.ts";
import { systemClock } from "../adapters/host.ts";
import { createReporter, NAMESPACE } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { failure, pageHeaders, refuse } from "../handlers/html.ts";
import { router } from "../handlers/routes.ts";
import { statusRoutes } from "../handlers/status.ts";
import { http } from "../middleware/http.ts";
import { tellingStatus } from "../usecases/telling-status.ts";

const env = readEnv("status", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "status" }, systemClock, console.log);
const status = tellingStatus({
  health: cloudWatchHealth(cloudWatchClient(), { namespace: NAMESPACE, stage: env.STAGE, platforms: env.PLATFORMS }),
  clock: systemClock,
  alarms: { down: env.DOWN_ALARMS, degraded: env.DEGRADED_ALARMS },
});

export const handler = http(router(statusRoutes(status), refuse), {
  telemetry,
  name: "status",
  headers: pageHeaders,
  failure,
});
