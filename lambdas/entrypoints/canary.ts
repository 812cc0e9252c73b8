import { dynamoCanaryAccount } from "../adapters/aws/monitoring/canary-account.ts";
import { sqsCanaryPhone } from "../adapters/aws/monitoring/canary-phone.ts";
import { snsPushRights } from "../adapters/aws/monitoring/push-rights.ts";
import { dynamoClient, snsClient, sqsClient } from "../adapters/aws/client/clients.ts";
import { overSns } from "../adapters/aws/client/sdk-client.ts";
import { systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { webSocketDialer } from "../adapters/web-socket.ts";
import { readEnv } from "../env.ts";
import { schedule } from "../middleware/schedule.ts";
import { canary } from "../usecases/monitoring/canary.ts";

const env = readEnv("canary", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "canary" }, systemClock, toStandardOutput);

export const handler = schedule(
  canary({
    dialer: webSocketDialer(env.OPEN_URL),
    phone: sqsCanaryPhone(sqsClient(), env.PHONE_QUEUE_URL),
    account: dynamoCanaryAccount(dynamoClient(), { core: env.CORE_TABLE, secrets: env.SECRETS_TABLE }),
    rights: snsPushRights(overSns(snsClient())),
    apps: env.PROBED_APPS,
    clock: systemClock,
    random: systemRandom,
    telemetry,
  }),
  { telemetry },
);
