import { cloudWatchClient } from "../adapters/aws/client/clients.ts";
import { cloudWatchHealth } from "../adapters/aws/monitoring/health.ts";
import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter, NAMESPACE } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { failure, pageHeaders, refuse } from "../handlers/shared/html.ts";
import { router } from "../handlers/shared/routes.ts";
import { statusRoutes } from "../handlers/monitoring/status.ts";
import { http } from "../middleware/http.ts";
import { serviceStatus } from "../usecases/monitoring/status.ts";
import icon from "../views/assets/icon.svg" with { type: "text" };
import style from "../views/assets/style.css" with { type: "text" };

const env = readEnv("status", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "status" }, systemClock, toStandardOutput);
const status = serviceStatus({
  health: cloudWatchHealth(cloudWatchClient(), {
    namespace: NAMESPACE,
    stage: env.STAGE,
    platforms: env.PLATFORMS,
    pages: env.PAGES_FUNCTION,
  }),
  clock: systemClock,
  alarms: env.ALARMS,
});

const assets = {
  "/push/status/icon.svg": { type: "image/svg+xml", body: icon },
  "/push/status/style.css": { type: "text/css; charset=utf-8", body: style },
};

export const handler = http(router(statusRoutes(status, assets), refuse), {
  telemetry,
  name: "status",
  headers: pageHeaders,
  failure,
  operator: env.OPERATOR,
});
