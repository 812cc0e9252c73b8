import { SOCKET_PATHS, viewerRequest } from "../lib/api/viewer-request.ts";

/**
 * All names of the product in this engine. Another CDK app runs here with its own values in this file, and with its own
 * phone app in sns/phones/reaction.ts.
 */

/** The CDK app, from the root of the repository. It writes the stage `local` where CDK_OUTDIR says. */
export const CDK_APP = "bin/push-service.ts";

/** Everything that decides what is synthesized, as patterns below the root: scripts and styles of the pages are in the bundles. */
export const SOURCES = [
  "lib/**/*.ts",
  "lambdas/**/*.{ts,tsx,js,css,svg,pem}",
  CDK_APP,
  "stages.ts",
  "cdk.json",
  "package-lock.json",
  "tsconfig.json",
];

/** What a client of the WebSocket API is asked to open. */
export const SOCKET_PATH = "/push/ws";
/** Paths that CloudFront leads to the WebSocket API, and its function for requests; the stage `local` has no host name. */
export const EDGE = {
  socketPaths: SOCKET_PATHS as readonly string[],
  viewerRequest: viewerRequest({ deflate: "offered" }),
};
export const CONNECT_PAGE = "/push/connect";
export const ICON = "/push/assets/icon.svg";

/** Where alarms and dashboard send an operator, from the root of the repository. */
export const RUNBOOK_FILE = "docs/operate/runbook.md";

/** How a person makes something happen that the pages under `/_local` show. */
export const COMMANDS = { pbx: "npx push-pbx --help", push: "npx push-pbx push TOKEN --type call" } as const;

/** Phones that a person can wake without a PBX, and the size of their device tokens. */
export const NEW_PHONES = [
  { name: "new iPhone, a call", app: "ios-call", encoding: "hex", bytes: 32 },
  { name: "new iPhone, a notification", app: "ios", encoding: "hex", bytes: 32 },
  { name: "new Android phone", app: "android", encoding: "base64url", bytes: 96 },
] as const;

/** How the operator's API sends a test push, in the name of which account, and what came of it. */
export const TEST_PUSH = {
  accounts: "/domains",
  path: "/push",
  accountIn: (answer: unknown): string | undefined =>
    (answer as { readonly domains: readonly { readonly account: string }[] }).domains[0]?.account,
  inWords(answer: unknown): string {
    const { error, later, ms } = answer as {
      readonly error?: { readonly err: string; readonly info?: string };
      readonly later?: string;
      readonly ms: number;
    };
    if (error !== undefined) return `rejected (${error.err}${error.info === undefined ? "" : `: ${error.info}`})`;
    const report = { gone: "then the phone's app was gone", "bad-message": "then the vendor refused the message" };
    return `accepted after ${ms} ms, ${report[later as keyof typeof report] ?? "and no failure was reported"}`;
  },
} as const;

/** The metric that a filter on the access log of the HTTP API counts; there it is CloudWatch Logs that reads the log. */
export const THROTTLED_PAGES = { namespace: "PushService/Logs", name: "PagesThrottled" } as const;

type Environment = Readonly<Record<string, string>>;

/** Ids of the apps by ARN of their platform application, out of the environment of a function; empty where it knows none. */
export function appsIn({ APPS }: Environment): readonly (readonly [applicationArn: string, id: string])[] {
  if (APPS === undefined) return [];
  const apps = JSON.parse(APPS) as readonly { readonly id: string; readonly applicationArn: string }[];
  return apps.map(({ id, applicationArn }) => [applicationArn, id]);
}

/** Variables of a function that limit its time, in ms, `factor` times as long. */
export const patient = ({ DEADLINE_MS }: Environment, factor: number): Environment =>
  DEADLINE_MS === undefined ? {} : { DEADLINE_MS: String(Number(DEADLINE_MS) * factor) };

/** The variable that tells functions which name servers they ask, `address:port` by comma. */
export const nameServers = (servers: string | undefined): Environment =>
  servers === undefined ? {} : { DNS_SERVERS: servers };

/** Where this host plays the company's identity provider, and the client of it that the console is. */
export const IDENTITY = "/_local/identity";
export const identityClient = ({ OIDC_CLIENT_ID, PUBLIC_URL }: Environment) =>
  OIDC_CLIENT_ID === undefined
    ? undefined
    : {
        id: OIDC_CLIENT_ID,
        redirects: [`${PUBLIC_URL}${CONSOLE_PAGE}/callback`],
        signedOut: [`${PUBLIC_URL}${CONSOLE_PAGE}/signed-out`],
      };
/** The variable with the address of the console's identity provider. @param front this host's address */
export const identityProvider = ({ OIDC_ISSUER }: Environment, front: string): Environment =>
  OIDC_ISSUER === undefined ? {} : { OIDC_ISSUER: front + IDENTITY };
/** The company's people, one of whom signs in. */
export const PEOPLE = [
  { id: "susan-support", name: "Susan Support", groups: ["push-support"] },
  { id: "oscar-operator", name: "Oscar Operator", groups: ["push-operators"] },
  { id: "nina-nobody", name: "Nina Nobody", groups: [] },
] as const;
export const CONSOLE_PAGE = "/push/admin";

/**
 * `session` out of `…FunctionsSessionFunction3B637939…`, the form of CDK's logical ids, or `console` out of `push-local-console`,
 * a name that the stack gives (lib/functions/console.ts); undefined if no function is named.
 */
export function functionName(text: string): string | undefined {
  const logical = /([A-Z][a-z]+)(?:Function|Live)[0-9A-F]{8}/u.exec(text)?.[1];
  return logical?.toLowerCase() ?? /^push-[\w-]+-([a-z]+)$/u.exec(text)?.[1];
}
