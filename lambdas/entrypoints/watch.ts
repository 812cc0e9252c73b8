import { secretsClient, snsControlClient } from "../adapters/aws/client/clients.ts";
import { awsPlatformCredentials } from "../adapters/aws/monitoring/platform-credentials.ts";
import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { tlsCertificates } from "../adapters/server-certificates.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { schedule } from "../middleware/schedule.ts";
import { checkCredentials } from "../usecases/monitoring/check-credentials.ts";

const env = readEnv("watch", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "watch" }, systemClock, toStandardOutput);

export const handler = schedule(
  checkCredentials({
    credentials: awsPlatformCredentials(snsControlClient(), secretsClient()),
    certificates: tlsCertificates,
    clock: systemClock,
    telemetry,
    apps: env.WATCHED_APPS,
    host: env.PUBLIC_HOST,
  }),
  { telemetry },
);
