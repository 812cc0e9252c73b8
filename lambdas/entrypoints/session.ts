import { sqsChecks } from "../adapters/aws/pbx/check-queue.ts";
import { dynamoPbxSecrets } from "../adapters/aws/pbx/pbx-secrets.ts";
import { dynamoNetworks } from "../adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../adapters/aws/pbx/sessions.ts";
import { leanDynamo, leanSqs } from "#lean-client";
import { patient } from "../adapters/aws/client/patient.ts";
import { warmUpSession } from "../adapters/aws/client/warm-up.ts";
import { systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { sessionFailure, sessionHandler } from "../handlers/pbx/session.ts";
import { socket } from "../middleware/socket.ts";
import { pbxSession } from "../usecases/pbx/session.ts";

const env = readEnv("session", process.env);
const dynamo = patient(leanDynamo(process.env), Math.random);
const sqs = patient(leanSqs(process.env), Math.random);
const telemetry = createReporter({ stage: env.STAGE, function: "session" }, systemClock, toStandardOutput);

// An execution environment has this time to itself; loading the module to measure or test it calls no AWS.
if (process.env["AWS_LAMBDA_INITIALIZATION_TYPE"] !== undefined) await warmUpSession(dynamo, sqs, env.CHECK_QUEUE_URL);

export const handler = socket(
  sessionHandler(
    pbxSession({
      sessions: dynamoSessions(dynamo, env.SESSIONS_TABLE),
      credentials: dynamoPbxSecrets(dynamo, { secrets: env.SECRETS_TABLE, core: env.CORE_TABLE }),
      networks: dynamoNetworks(dynamo, env.SESSIONS_TABLE),
      checks: sqsChecks(sqs, env.CHECK_QUEUE_URL),
      clock: systemClock,
      random: systemRandom,
      telemetry,
      limits: env.LIMITS,
    }),
  ),
  { telemetry, name: "session", failure: sessionFailure, addressHeader: env.ADDRESS_HEADER },
);
