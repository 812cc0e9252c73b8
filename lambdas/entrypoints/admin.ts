import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { adminHeaders } from "../handlers/admin/answers.ts";
import { domainRoutes } from "../handlers/admin/domains.ts";
import { serviceRoutes } from "../handlers/admin/service.ts";
import { problemJson, router, unavailable } from "../handlers/shared/routes.ts";
import { http } from "../middleware/http.ts";
import { operatorWork } from "./shared/operator.ts";

const env = readEnv("admin", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "admin" }, systemClock, toStandardOutput);
const work = operatorWork(env, telemetry);
const about = { stage: env.STAGE, url: env.PUSH_URL };
const routes = {
  ...domainRoutes(work.commands, work.queries, { pushUrl: env.PUSH_URL, testSecrets: env.TEST_SECRETS === "yes" }),
  ...serviceRoutes({ ...work, about }),
};

export const handler = http(
  router(routes, (_request, problem) => problemJson(problem)),
  { telemetry, name: "admin", headers: adminHeaders, failure: () => problemJson(unavailable) },
);
