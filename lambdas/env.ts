import * as v from "valibot";
import type { RoleGroups } from "./core/admin/person.ts";
import type { ComponentAlarms } from "./core/monitoring/status.ts";
import type { App } from "./core/push/apps.ts";
import type { Limits } from "./core/shared/limits.ts";
import type { CheckedApp, ProbedApp } from "./ports/monitoring.ts";
import type { Operator } from "./ports/web.ts";

/**
 * One schema and one type for the environment of each entrypoint. lib borrows the types, so a variable that a function
 * needs and its stack does not set fails `tsc`. Values are strings; JSON where a value has structure. No secrets.
 */
const text = v.pipe(v.string(), v.minLength(1));
const url = v.pipe(v.string(), v.url());
const integer = v.pipe(v.string(), v.regex(/^\d+$/u), v.transform(Number));
/** JSON of our own configuration, checked at synth by lib/config.ts, so only parsed here. */
const json = <T>() =>
  v.pipe(
    v.string(),
    v.parseJson({}, "must be JSON"),
    v.transform((value) => value as T),
  );

const common = { STAGE: text };
/** Header in which the CDN in front puts the client's address; unset if nothing is in front. */
const address = { ADDRESS_HEADER: v.optional(text) };
const tables = { CORE_TABLE: text, SESSIONS_TABLE: text };
/** Who runs the service, for the footer of every page and the end of every email. */
const pages = { OPERATOR: json<Operator>() };
const limits = { LIMITS: json<Limits>() };
/** Of functions that change domains. */
const changes = {
  SECRETS_TABLE: text,
  /** Registration requests and notices for the mail function. */
  MAIL_QUEUE_URL: url,
  CHECK_QUEUE_URL: url,
  /** Base of `@connections`: `https://ID.execute-api.REGION.amazonaws.com/STAGE`. */
  CALLBACK_URL: url,
};

/** What an operator's commands and queries need. */
const operator = {
  ...common,
  ...tables,
  ...changes,
  /** Like the registration function's: a claim's record is looked up again before a grant. */
  DNS_SERVERS: v.optional(text),
  PUSH_URL: url,
  /** Whether an operator may choose secrets of any length: for a test stage. */
  TEST_SECRETS: v.optional(v.literal("yes")),
  APPS: json<readonly App[]>(),
  /** Name or ARN of the secret with each app's credential, by the app's id. */
  VAULT_NAMES: json<Readonly<Record<string, string>>>(),
  /** Like the push function's: a test push may be a token's first. */
  TOKEN_PUBLIC_KEY: text,
};

export const schemas = {
  session: v.object({ ...common, ...address, ...tables, ...limits, SECRETS_TABLE: text, CHECK_QUEUE_URL: url }),
  push: v.object({
    ...common,
    ...tables,
    ...limits,
    APPS: json<readonly App[]>(),
    /** Where a socket that posts without a login is reported. */
    CHECK_QUEUE_URL: url,
    /** SPKI DER in base64 of the RSA key that raw device tokens are encrypted to. */
    TOKEN_PUBLIC_KEY: text,
    /** From the frame's arrival at API Gateway until the answer, in ms. */
    DEADLINE_MS: integer,
  }),
  registration: v.object({
    ...common,
    ...pages,
    ...address,
    ...tables,
    ...limits,
    ...changes,
    /** Name servers for TXT proofs, `address:port`, separated by commas; unset: those of the machine. */
    DNS_SERVERS: v.optional(text),
    /** Base of all pages, without a trailing slash: `https://push.example.com`. */
    PUBLIC_URL: url,
    /** What the administrator enters in the Push object: `https://push.example.com/push/ws`. */
    PUSH_URL: url,
    /** Like the admin function's: an owner sends a test push to a phone that the domain used. */
    APPS: json<readonly App[]>(),
    TOKEN_PUBLIC_KEY: text,
    /** Set if the stage keeps no recent posts. */
    RECENT_POSTS: v.optional(v.literal("off")),
    /** Set if the host name has a certificate that the operator brought. */
    CERTIFICATE: v.optional(v.literal("imported")),
  }),
  mail: v.object({
    ...common,
    ...pages,
    ...tables,
    ...limits,
    PUBLIC_URL: url,
    MAIL_FROM: text,
    CONFIGURATION_SET: v.optional(text),
  }),
  admin: v.object(operator),
  console: v.object({
    ...operator,
    ...address,
    ...pages,
    /** Like the registration function's. */
    PUBLIC_URL: url,
    /** The identity provider, and the console's id there. */
    OIDC_ISSUER: url,
    OIDC_CLIENT_ID: text,
    /** Name of the secret with the client's secret; unset: a public client. */
    OIDC_SECRET: v.optional(text),
    /** URL that ends the provider's session, if its discovery document has none. */
    OIDC_LOGOUT_URL: v.optional(url),
    /** Claim of the ID token that lists the person's groups, and which group has which role. */
    OIDC_GROUPS_CLAIM: text,
    CONSOLE_GROUPS: json<RoleGroups>(),
  }),
  events: v.object({ ...common, ...limits, CORE_TABLE: text }),
  history: v.object({ ...common, CORE_TABLE: text }),
  housekeeping: v.object({ ...common, ...tables, ...changes }),
  provisioning: v.object({ ...common }),
  /** `OPEN_URL`: the part of PUSH_URL that can be opened; without a host name, the WebSocket API's stage. */
  canary: v.object({
    ...common,
    CORE_TABLE: text,
    SECRETS_TABLE: text,
    OPEN_URL: url,
    PHONE_QUEUE_URL: url,
    PROBED_APPS: json<readonly ProbedApp[]>(),
  }),
  watch: v.object({
    ...common,
    WATCHED_APPS: json<readonly CheckedApp[]>(),
    /** Host whose certificate is watched; unset if it is AWS's own. */
    PUBLIC_HOST: v.optional(text),
  }),
  status: v.object({
    ...common,
    ...pages,
    /** Names of the alarms that matter to users. */
    ALARMS: json<ComponentAlarms>(),
    /** Platforms that posts may be for. */
    PLATFORMS: json<readonly string[]>(),
    /** Name of the function that serves the pages. */
    PAGES_FUNCTION: text,
  }),
} as const;

export type Entrypoint = keyof typeof schemas;
/** What the stack sets: every variable as text. */
export type EnvironmentOf<E extends Entrypoint> = v.InferInput<(typeof schemas)[E]>;
/** What the function reads. */
export type SettingsOf<E extends Entrypoint> = v.InferOutput<(typeof schemas)[E]>;

/**
 * Reads the environment once, at init. Throws an Error that names every missing or malformed variable, which fails the
 * deployment's first invocation instead of the thousandth.
 */
export function readEnv<E extends Entrypoint>(
  entrypoint: E,
  environment: Readonly<Record<string, string | undefined>>,
): SettingsOf<E> {
  const result = v.safeParse(schemas[entrypoint], environment);
  if (result.success) return result.output;
  const names = result.issues.map((issue) => `${String(issue.path?.[0]?.key)}: ${issue.message}`);
  throw new Error(`environment of ${entrypoint}: ${names.join("; ")}`);
}
