import { dynamoConsoleSessions } from "../adapters/aws/admin/console-sessions.ts";
import { dynamoDomainLists } from "../adapters/aws/admin/domain-lists.ts";
import { dynamoPresence } from "../adapters/aws/admin/presence.ts";
import { secretsClient } from "../adapters/aws/client/clients.ts";
import { dynamoRecentPosts } from "../adapters/aws/domains/recent-posts.ts";
import { credentialSecrets } from "../adapters/aws/push/credential-secrets.ts";
import { dynamoCounters } from "../adapters/aws/shared/counters.ts";
import { systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { oidcProvider } from "../adapters/oidc.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { consoleHandler } from "../handlers/admin/console/console.ts";
import { domainRoutes } from "../handlers/admin/console/domain.ts";
import { listRoutes } from "../handlers/admin/console/lists.ts";
import { CALLBACK, SIGNED_OUT } from "../handlers/admin/console/sign-in.ts";
import { failure, pageHeaders } from "../handlers/shared/html.ts";
import { http } from "../middleware/http.ts";
import { listDomains } from "../usecases/admin/list-domains.ts";
import { signIn } from "../usecases/admin/sign-in.ts";
import style from "../views/assets/console.css" with { type: "text" };
import { operatorWork } from "./shared/operator.ts";

const env = readEnv("console", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "console" }, systemClock, toStandardOutput);
const work = operatorWork(env, telemetry);
const { OIDC_SECRET: secret, PUBLIC_URL: publicUrl } = env;
const provider = oidcProvider(
  {
    issuer: env.OIDC_ISSUER,
    clientId: env.OIDC_CLIENT_ID,
    clientSecret: secret === undefined ? undefined : () => credentialSecrets(secretsClient()).read(secret),
    redirectUrl: publicUrl + CALLBACK,
    signedOutUrl: publicUrl + SIGNED_OUT,
    groupsClaim: env.OIDC_GROUPS_CLAIM,
    logoutUrl: env.OIDC_LOGOUT_URL,
  },
  systemClock,
);
const lists = listDomains({
  lists: dynamoDomainLists(work.dynamo, env.CORE_TABLE),
  presence: dynamoPresence(work.dynamo, env.SESSIONS_TABLE),
  recentPosts: dynamoRecentPosts(work.dynamo, env.CORE_TABLE),
  clock: systemClock,
});
const headers = { "content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=300" };

const answer = consoleHandler({
  signIn: signIn({
    provider,
    sessions: dynamoConsoleSessions(work.dynamo, env.SESSIONS_TABLE),
    counters: dynamoCounters(work.dynamo, env.SESSIONS_TABLE),
    groups: env.CONSOLE_GROUPS,
    clock: systemClock,
    random: systemRandom,
    telemetry,
  }),
  routes: {
    ...listRoutes({ ...work, lists }),
    ...domainRoutes({ ...work, pushUrl: env.PUSH_URL, testSecrets: env.TEST_SECRETS === "yes" }),
  },
  assets: { "/push/admin/console.css": { GET: () => ({ status: 200, headers, body: style }) } },
  clock: systemClock,
  publicUrl,
});

export const handler = http(answer, {
  telemetry,
  name: "console",
  headers: pageHeaders,
  failure,
  operator: env.OPERATOR,
  addressHeader: env.ADDRESS_HEADER,
});
