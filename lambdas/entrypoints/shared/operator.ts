import { sqsChecks } from "../../adapters/aws/pbx/check-queue.ts";
import {
  connectionsClient,
  dynamoClient,
  secretsClient,
  snsClient,
  sqsClient,
} from "../../adapters/aws/client/clients.ts";
import { overConnections, overSqs } from "../../adapters/aws/client/sdk-client.ts";
import { apiGatewaySockets } from "../../adapters/aws/pbx/connections-api.ts";
import { awsPlatformCredentials } from "../../adapters/aws/monitoring/platform-credentials.ts";
import { dynamoDevices } from "../../adapters/aws/push/devices.ts";
import { dynamoDomains } from "../../adapters/aws/domains/domains.ts";
import { dynamoRecentPosts } from "../../adapters/aws/domains/recent-posts.ts";
import { sqsMailQueue } from "../../adapters/aws/mail/mail-queue.ts";
import { dynamoRegistrations } from "../../adapters/aws/registration/registrations.ts";
import { dynamoNetworks } from "../../adapters/aws/pbx/networks.ts";
import { dynamoSessions } from "../../adapters/aws/pbx/sessions.ts";
import { dynamoSockets } from "../../adapters/aws/pbx/sockets.ts";
import { dynamoSuppressions } from "../../adapters/aws/mail/suppressions.ts";
import { dnsTxtRecords } from "../../adapters/dns.ts";
import { newId, systemClock, systemRandom } from "../../adapters/host.ts";
import { operatorQueries } from "../../usecases/admin/queries.ts";
import { listApps } from "../../usecases/admin/list-apps.ts";
import { operatorCommands } from "../../usecases/admin/commands.ts";
import { liftMark } from "../../usecases/admin/lift-mark.ts";
import { testPush } from "../../usecases/admin/test-push.ts";
import { connectionCloser } from "../../usecases/domains/close-connections.ts";
import type { SettingsOf } from "../../env.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import { testPushPorts } from "./test-pushes.ts";

/** What the operator's API and the console share: every command and query, and what else both need. */
export function operatorWork(env: SettingsOf<"admin">, telemetry: Telemetry) {
  const dynamo = dynamoClient();
  const sns = snsClient();
  const sqs = sqsClient();
  const tables = { core: env.CORE_TABLE, secrets: env.SECRETS_TABLE, sessions: env.SESSIONS_TABLE };
  const { logOut, markFlooding } = dynamoSessions(dynamo, env.SESSIONS_TABLE);
  const closer = apiGatewaySockets(overConnections(connectionsClient(env.CALLBACK_URL)));
  const sockets = { ...dynamoSockets(dynamo, env.SESSIONS_TABLE), ...closer, logOut, markFlooding };
  const checks = sqsChecks(overSqs(sqs), env.CHECK_QUEUE_URL);
  const queued = sqsMailQueue(sqs, env.MAIL_QUEUE_URL);
  const common = {
    domains: dynamoDomains(dynamo, tables, newId),
    suppressions: dynamoSuppressions(dynamo, env.CORE_TABLE),
    noticeQueue: queued,
    checks,
    networks: dynamoNetworks(dynamo, env.SESSIONS_TABLE),
    sweeps: checks,
    clock: systemClock,
    random: systemRandom,
    telemetry,
    sockets,
    txtRecords: dnsTxtRecords(env.DNS_SERVERS),
  };

  const commands = operatorCommands({
    ...common,
    registrations: dynamoRegistrations(dynamo, env.SESSIONS_TABLE),
    mailQueue: queued,
    connections: connectionCloser(common),
  });
  const queries = operatorQueries({ ...common, recentPosts: dynamoRecentPosts(dynamo, env.CORE_TABLE) });
  const devices = dynamoDevices(dynamo, env.CORE_TABLE);
  const push = testPush(testPushPorts(env, dynamo, common));
  const apps = listApps({
    apps: env.APPS,
    secrets: env.VAULT_NAMES,
    credentials: awsPlatformCredentials(sns, secretsClient()),
  });
  return {
    dynamo,
    commands,
    queries,
    testPush: push,
    liftMark: liftMark({ devices, clock: systemClock, telemetry, apps: env.APPS }),
    apps,
  };
}
