import { SOCKET_PATHS, viewerRequest } from "../lib/api/viewer-request.ts";

/**
 * All names of the product in this engine. To run another CDK app, change the values here and the phone app in
 * sns/phones/reaction.ts.
 */

/** The CDK app, from the root of the repository. It writes the stage `local` to CDK_OUTDIR. */
export const CDK_APP = "bin/push-service.ts";

/**
 * Patterns of all files that affect synthesis, relative to the root: the pages' scripts and styles are in the bundles.
 */
export const SOURCES = [
  "lib/**/*.ts",
  "lambdas/**/*.{ts,tsx,js,css,svg,pem}",
  CDK_APP,
  "stages.ts",
  "cdk.json",
  "package-lock.json",
  "tsconfig.json",
];

/** Path that clients of the WebSocket API open. */
export const SOCKET_PATH = "/push/ws";
/** CloudFront's paths of the WebSocket API and its viewer-request function, as the stage `local` has no CloudFront. */
export const EDGE = {
  socketPaths: SOCKET_PATHS as readonly string[],
  viewerRequest: viewerRequest({ deflate: "offered" }),
};
export const CONNECT_PAGE = "/push/connect";
export const ICON = "/push/assets/icon.svg";

/** Runbook that alarms and dashboard link to, from the root of the repository. */
export const RUNBOOK_FILE = "docs/operate/runbook.md";

/** Commands whose effects the pages under `/_local` show. */
export const COMMANDS = { pbx: "npx push-pbx --help", push: "npx push-pbx push TOKEN --type call" } as const;

/** Phones that can be woken without a PBX, with the size of their device tokens. */
export const NEW_PHONES = [
  { name: "new iPhone, a call", app: "ios-call", encoding: "hex", bytes: 32 },
  { name: "new iPhone, a notification", app: "ios", encoding: "hex", bytes: 32 },
  { name: "new Android phone", app: "android", encoding: "base64url", bytes: 96 },
] as const;

/** How to send a test push through the operator's API: for which account, and its result in words. */
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

/** The metric that on AWS a metric filter derives from the HTTP API's access log. */
export const THROTTLED_PAGES = { namespace: "PushService/Logs", name: "PagesThrottled" } as const;

type Environment = Readonly<Record<string, string>>;

/** App ids by ARN of their platform application, from a function's environment; empty if it has no APPS. */
export function appsIn({ APPS }: Environment): readonly (readonly [applicationArn: string, id: string])[] {
  if (APPS === undefined) return [];
  const apps = JSON.parse(APPS) as readonly { readonly id: string; readonly applicationArn: string }[];
  return apps.map(({ id, applicationArn }) => [applicationArn, id]);
}

/** A function's time limits in ms, multiplied by `factor`. */
export const patient = ({ DEADLINE_MS }: Environment, factor: number): Environment =>
  DEADLINE_MS === undefined ? {} : { DEADLINE_MS: String(Number(DEADLINE_MS) * factor) };

/** The functions' name servers, `address:port` separated by commas. */
export const nameServers = (servers: string | undefined): Environment =>
  servers === undefined ? {} : { DNS_SERVERS: servers };

/** Path of the simulated company identity provider, and the console as its client. */
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
/** The company's people, to choose from at sign-in. */
export const PEOPLE = [
  { id: "susan-support", name: "Susan Support", groups: ["push-support"] },
  { id: "oscar-operator", name: "Oscar Operator", groups: ["push-operators"] },
  { id: "nina-nobody", name: "Nina Nobody", groups: [] },
] as const;
export const CONSOLE_PAGE = "/push/admin";

/**
 * `session` from a CDK logical id, `…FunctionsSessionFunction3B637939…`, or `console` from `push-local-console`, a name
 * set in lib/functions/console.ts; undefined if the text names no function.
 */
export function functionName(text: string): string | undefined {
  const logical = /([A-Z][a-z]+)(?:Function|Live)[0-9A-F]{8}/u.exec(text)?.[1];
  return logical?.toLowerCase() ?? /^push-[\w-]+-([a-z]+)$/u.exec(text)?.[1];
}
