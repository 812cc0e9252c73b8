import { operationCounts, usageOf, assumptions, MONTH_HOURS, type Fleet } from "../cost/model/usage.ts";
import type { Measured, Operation, OperationName } from "../cost/measured.ts";
import { peakOf } from "../fleet/arrivals.ts";
import type { StageConfig } from "../../lib/config.ts";

/** A limit on the path of a connection or a post, and a fleet's demand. */
export interface Limit {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  /** Who sets it, and the Service Quotas code or configuration key that raises it. */
  readonly raise: string;
  /**
   * Matters only in a storm, where demand is the same at any size: connects come no faster than API Gateway's quota.
   */
  readonly storm: boolean;
  /** Demand of that many PBXes, in the same unit. */
  readonly asked: (pbxes: number) => number;
}

/** New connections per second and account: the storm comes no faster. */
export const CONNECTS = 500;
/** Phones of a PBX that all get new tokens on the day of an app's release. */
const PHONES = 20;

const MONTH_SECONDS = MONTH_HOURS * 3_600;
const PEAK = peakOf("day");

/**
 * Steady load is that of the busiest hour of a working day in one time zone (posts) and the mean (all else); a storm is
 * connects at the full quota. Quotas are AWS's defaults, from its documentation.
 */
export function limits(measured: Measured, config: StageConfig, fleetOf: (pbxes: number) => Fleet): readonly Limit[] {
  const { throttles, tables } = config;
  const perSecond = (pbxes: number, name: OperationName) =>
    operationCounts(fleetOf(pbxes), measured)[name] / MONTH_SECONDS;
  const posts = (pbxes: number) =>
    PEAK * (perSecond(pbxes, "firstPost") + perSecond(pbxes, "coldPost") + perSecond(pbxes, "warmPost"));
  const keepAlives = (pbxes: number) => perSecond(pbxes, "keepAlive") + perSecond(pbxes, "answerByLambda");
  const connects = (pbxes: number) => perSecond(pbxes, "login");
  const { login, coldPost } = measured.operations;
  const inOneLogin = login.invocations["session"] ?? 0;
  const { push, session } = assumptions.milliseconds;
  const http = (pbxes: number) => (PEAK * usageOf(fleetOf(pbxes), measured).httpRequest) / MONTH_SECONDS;
  const requests = (pbxes: number) =>
    posts(pbxes) + keepAlives(pbxes) + (login.framesIn + 2) * connects(pbxes) + http(pbxes);
  const mailsADay = (pbxes: number) => usageOf(fleetOf(pbxes), measured).sesMail / (MONTH_HOURS / 24);
  const storm = (perLogin: number) => (pbxes: number) => Math.min(pbxes, CONNECTS) * perLogin;
  const inQueue = 30; // seconds until a connection is checked
  const sessionWrites = storm(unitsOf(login, "sessions", "write"));
  const sessionIndexWrites = storm(unitsOf(login, "sessions", "indexWrite"));
  const coreReads = (pbxes: number) => posts(pbxes) * unitsOf(coldPost, "core", "read");
  const newTokens = (pbxes: number) => (pbxes * PHONES * PEAK) / 86_400;
  const service = (code: string) => `Service Quotas ${code}`;
  const stage = (key: string) => `stage: \`${key}\``;
  const writeFuse = stage("tables.maxWriteUnits");
  const units = "units per s";

  return [
    row(
      "API Gateway, new connections, steady",
      CONNECTS,
      "per s",
      "Service Quotas console (code unknown to us)",
      connects,
    ),
    row("API Gateway, requests of all APIs", 10_000, "per s", service("L-8A5B8E43"), requests),
    row("HTTP APIs, their share of these", 10_000, "per s", service("L-8A5B8E43"), http),
    row(
      "CloudFront, requests of a distribution (with a host name)",
      250_000,
      "per s",
      "Service Quotas console",
      (pbxes) => connects(pbxes) + http(pbxes),
    ),
    row("Our throttle of KeepAlive", throttles.keepAlive.rate, "per s", stage("throttles.keepAlive"), keepAlives),
    row("Our throttle of posts", throttles.post.rate, "per s", stage("throttles.post"), posts),
    row("Our throttle of logins, storm", throttles.login.rate, "per s", stage("throttles.login"), storm(1)),
    row(
      "Lambda, concurrency, steady",
      1_000,
      "at once",
      service("L-B99A9384"),
      (pbxes) => (posts(pbxes) * push + connects(pbxes) * inOneLogin * session) / 1_000,
    ),
    row("Lambda, concurrency, storm", 1_000, "at once", service("L-B99A9384"), storm((inOneLogin * session) / 1_000)),
    row("DynamoDB, writes to `sessions`, storm", tables.maxWriteUnits, units, writeFuse, sessionWrites),
    row("DynamoDB, the same, a table never loaded before", 4_000, units, "warm throughput of the table", sessionWrites),
    row(
      "DynamoDB, writes to an index of `sessions`, storm",
      tables.maxWriteUnits,
      units,
      writeFuse,
      sessionIndexWrites,
    ),
    row("DynamoDB, reads of `core`", tables.maxReadUnits, units, stage("tables.maxReadUnits"), coreReads),
    row("DynamoDB, reads of one item (breaker, posts for one app)", 3_000, units, "fixed, per partition", posts),
    row("DynamoDB, the quota of one table or index behind that", 40_000, units, "Service Quotas console", coreReads),
    row("SNS Publish, us-east-1", 30_000, "per s", service("L-F8E2BA85"), posts),
    row("SNS Publish, eu-west-1", 9_000, "per s", service("L-F8E2BA85"), posts),
    row("SNS Publish, eu-central-1", 1_500, "per s", service("L-F8E2BA85"), posts),
    row(
      `SNS endpoint calls, eu-central-1, ${PHONES} new tokens per PBX in a day`,
      150,
      "per s",
      "a support case",
      newTokens,
    ),
    row("SQS, delayed messages of one queue, storm", 120_000, "messages", "a support case", storm(inQueue)),
    row("SES in its sandbox", 200, "emails a day", `leave the sandbox; ${service("L-804C8AE8")}`, mailsADay),
    row(
      "SES in its sandbox, rate",
      1,
      "emails a s",
      "the same; outside it depends on the account",
      (pbxes) => (PEAK * mailsADay(pbxes)) / 86_400,
    ),
  ];
}

const row = (what: string, limit: number, unit: string, raise: string, asked: Limit["asked"]): Limit => ({
  what,
  limit,
  unit,
  raise,
  storm: /\bstorm\b|never loaded/u.test(what),
  asked,
});

const unitsOf = ({ units }: Operation, table: string, kind: "read" | "write" | "indexWrite"): number =>
  units[table]?.[kind] ?? 0;

/** Limits that a fleet exceeds or comes near (share of the limit), highest first. */
export const nearest = (all: readonly Limit[], pbxes: number): readonly (readonly [limit: Limit, share: number])[] =>
  all.map((limit) => [limit, limit.asked(pbxes) / limit.limit] as const).sort(([, a], [, b]) => b - a);
