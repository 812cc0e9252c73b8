import { sqsChecks } from "../adapters/aws/pbx/check-queue.ts";
import { dynamoClient, sqsClient } from "../adapters/aws/shared/clients.ts";
import { dynamoCredentials } from "../adapters/aws/pbx/credentials.ts";
import { dynamoSessions } from "../adapters/aws/pbx/sessions.ts";
import { systemClock, systemRandom } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { sessionFailure, sessionHandler } from "../handlers/pbx/session.ts";
import { socket } from "../middleware/socket.ts";
import { conversation } from "../usecases/pbx/session.ts";

const env = readEnv("session", process.env);
const dynamo = dynamoClient();
const telemetry = createReporter({ stage: env.STAGE, function: "session" }, systemClock, console.log);

export const handler = socket(
  sessionHandler(
    conversation({
      sessions: dynamoSessions(dynamo, env.SESSIONS_TABLE),
      credentials: dynamoCredentials(dynamo, { secrets: env.SECRETS_TABLE, core: env.CORE_TABLE }),
      checks: sqsChecks(sqsClient(), env.CHECK_QUEUE_URL),
      clock: systemClock,
      random: systemRandom,
      telemetry,
      limits: env.LIMITS,
    }),
  ),
  { telemetry, name: "session", failure: sessionFailure, addressHeader: env.ADDRESS_HEADER },
);
