import { sqsChecks } from "../adapters/aws/pbx/check-queue.ts";
import { connectionsClient, dynamoClient, sqsClient } from "../adapters/aws/client/clients.ts";
import { overConnections, overSqs } from "../adapters/aws/client/sdk-client.ts";
import { apiGatewaySockets } from "../adapters/aws/pbx/connections-api.ts";
import { dynamoCounters } from "../adapters/aws/shared/counters.ts";
import { dynamoRecentPosts } from "../adapters/aws/domains/recent-posts.ts";
import { dynamoDomains } from "../adapters/aws/domains/domains.ts";
import { dynamoKnownNetworks } from "../adapters/aws/mail/known-networks.ts";
import { sqsMailQueue } from "../adapters/aws/mail/mail-queue.ts";
import { dynamoNotices } from "../adapters/aws/domains/notices.ts";
import { dynamoRegistrations } from "../adapters/aws/registration/registrations.ts";
import { dynamoSecrets } from "../adapters/aws/domains/secrets.ts";
import { dynamoSockets } from "../adapters/aws/pbx/sockets.ts";
import { dynamoTxtValues } from "../adapters/aws/domains/txt-values.ts";
import { dynamoWebSessions } from "../adapters/aws/web/web-sessions.ts";
import { dnsTxtRecords } from "../adapters/dns.ts";
import { newId, systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { failure, pageHeaders, refuse } from "../handlers/shared/html.ts";
import { ownerRoutes } from "../handlers/web/owner.ts";
import { certificateIssuer, otherPushUrl, pageRoutes, rootsAsset } from "../handlers/registration/pages.ts";
import { registrationRoutes } from "../handlers/registration/registration.ts";
import { router } from "../handlers/shared/routes.ts";
import { sessionCookie } from "../handlers/shared/session-cookie.ts";
import { accessLinkRoutes } from "../handlers/web/access-links.ts";
import { http } from "../middleware/http.ts";
import { registrationLink } from "../usecases/registration/confirm.ts";
import { ownerCommands } from "../usecases/domains/owner-commands.ts";
import { connectWindow } from "../usecases/registration/connect-window.ts";
import { testKnownPhone } from "../usecases/admin/test-push.ts";
import { ownerTestPush } from "../usecases/web/owner-test-push.ts";
import { testPushPorts } from "./shared/test-pushes.ts";
import { accessLinks } from "../usecases/web/access-links.ts";
import arrived from "../views/assets/arrived.js" with { type: "text" };
import roots from "../views/assets/amazon-roots.pem" with { type: "text" };
import connect from "../views/assets/connect.js" with { type: "text" };
import copy from "../views/assets/copy.js" with { type: "text" };
import record from "../views/assets/record.js" with { type: "text" };
import icon from "../views/assets/icon.svg" with { type: "text" };
import style from "../views/assets/style.css" with { type: "text" };

const env = readEnv("registration", process.env);
const dynamo = dynamoClient();
const telemetry = createReporter({ stage: env.STAGE, function: "registration" }, systemClock, toStandardOutput);
const sqs = sqsClient();
const queued = sqsMailQueue(sqs, env.MAIL_QUEUE_URL);
const tables = { core: env.CORE_TABLE, secrets: env.SECRETS_TABLE, sessions: env.SESSIONS_TABLE };
const ports = {
  registrations: dynamoRegistrations(dynamo, env.SESSIONS_TABLE),
  domains: dynamoDomains(dynamo, tables, newId),
  secrets: dynamoSecrets(dynamo, env.SECRETS_TABLE),
  sockets: {
    ...dynamoSockets(dynamo, env.SESSIONS_TABLE),
    ...apiGatewaySockets(overConnections(connectionsClient(env.CALLBACK_URL))),
  },
  notices: dynamoNotices(dynamo, env.CORE_TABLE),
  sessions: dynamoWebSessions(dynamo, env.SESSIONS_TABLE),
  recentPosts: env.RECENT_POSTS === "off" ? undefined : dynamoRecentPosts(dynamo, env.CORE_TABLE),
  txtValues: dynamoTxtValues(dynamo, env.SESSIONS_TABLE),
  txtRecords: dnsTxtRecords(env.DNS_SERVERS),
  counters: dynamoCounters(dynamo, env.SESSIONS_TABLE),
  knownNetworks: dynamoKnownNetworks(dynamo, env.SESSIONS_TABLE),
  mailQueue: queued,
  noticeQueue: queued,
  sweeps: sqsChecks(overSqs(sqs), env.CHECK_QUEUE_URL),
  clock: systemClock,
  random: systemRandom,
  telemetry,
  limits: env.LIMITS,
};
const { PUBLIC_URL: publicUrl, PUSH_URL: pushUrl } = env;
const pbx = {
  otherUrl: otherPushUrl({ publicUrl, pushUrl }),
  issuer: certificateIssuer(pushUrl, env.CERTIFICATE === "imported"),
};
const assets = {
  ...rootsAsset(pbx, roots),
  "/push/assets/arrived.js": { type: "text/javascript; charset=utf-8", body: arrived },
  "/push/assets/connect.js": { type: "text/javascript; charset=utf-8", body: connect },
  "/push/assets/copy.js": { type: "text/javascript; charset=utf-8", body: copy },
  "/push/assets/record.js": { type: "text/javascript; charset=utf-8", body: record },
  "/push/assets/icon.svg": { type: "image/svg+xml", body: icon },
  "/push/assets/style.css": { type: "text/css; charset=utf-8", body: style },
};
const links = accessLinks(ports);
const testPush = ownerTestPush({ ...ports, testKnownPhone: testKnownPhone(testPushPorts(env, dynamo, ports)) });
const cookie = sessionCookie(env.PUBLIC_URL);
const routes = {
  ...registrationRoutes(connectWindow(ports), pushUrl),
  ...pageRoutes(registrationLink(ports), assets, pbx),
  ...accessLinkRoutes(links, cookie, publicUrl),
  ...ownerRoutes({ commands: ownerCommands(ports), testPush, links, cookie, clock: systemClock, publicUrl, pushUrl }),
};

export const handler = http(router(routes, refuse), {
  telemetry,
  name: "registration",
  headers: pageHeaders,
  failure,
  operator: env.OPERATOR,
  addressHeader: env.ADDRESS_HEADER,
});
