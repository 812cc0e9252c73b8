import { sqsChecks } from "../adapters/aws/pbx/check-queue.ts";
import { connectionsClient, dynamoClient, sqsClient } from "../adapters/aws/client/clients.ts";
import { overConnections, overSqs } from "../adapters/aws/client/sdk-client.ts";
import { socketCloser } from "../adapters/aws/pbx/connections-api.ts";
import { dynamoDomains } from "../adapters/aws/domains/domains.ts";
import { sqsMailQueue } from "../adapters/aws/mail/mail-queue.ts";
import { dynamoNotices } from "../adapters/aws/domains/notices.ts";
import { dynamoNetworks } from "../adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../adapters/aws/pbx/sockets.ts";
import { newId, systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { housekeepingHandler } from "../handlers/domains/housekeeping.ts";
import { queue } from "../middleware/queue.ts";
import { domainUpkeep } from "../usecases/domains/expire-domains.ts";
import { connectionCloser } from "../usecases/domains/close-connections.ts";

const env = readEnv("housekeeping", process.env);
const dynamo = dynamoClient();
const sqs = sqsClient();
const telemetry = createReporter({ stage: env.STAGE, function: "housekeeping" }, systemClock, toStandardOutput);
const tables = { core: env.CORE_TABLE, secrets: env.SECRETS_TABLE, sessions: env.SESSIONS_TABLE };
const checks = sqsChecks(overSqs(sqs), env.CHECK_QUEUE_URL);
const common = {
  domains: dynamoDomains(dynamo, tables, newId),
  noticeQueue: sqsMailQueue(sqs, env.MAIL_QUEUE_URL),
  checks,
  networks: dynamoNetworks(dynamo, env.SESSIONS_TABLE),
  sweeps: checks,
  clock: systemClock,
  telemetry,
};
const { logOut, markFlooding } = dynamoSessions(dynamo, env.SESSIONS_TABLE);
const closer = socketCloser(overConnections(connectionsClient(env.CALLBACK_URL)));
const sockets = { ...dynamoSockets(dynamo, env.SESSIONS_TABLE), ...closer, logOut, markFlooding };

export const handler = queue(
  housekeepingHandler(
    connectionCloser({ ...common, sockets }),
    domainUpkeep({ ...common, notices: dynamoNotices(dynamo, env.CORE_TABLE), goOn: (after) => checks.tidy(after) }),
  ),
  { telemetry, name: "housekeeping" },
);
