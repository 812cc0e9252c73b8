import type { Item } from "./prices.ts";
import type { Measured, Operation, OperationName } from "../measured.ts";

/** What is to be priced. */
export interface Fleet {
  readonly pbxes: number;
  /** Posts per PBX and day. */
  readonly pushesPerDay: number;
  /** Between two KeepAlives of a PBX, in s. */
  readonly keepAliveSeconds: number;
  readonly keepAlive: "mock" | "lambda";
  /** A stage with a host name has CloudFront and a firewall. */
  readonly hostName: boolean;
}

/** AWS counts a month as 730 hours. */
export const MONTH_HOURS = 730;
const MONTH_DAYS = MONTH_HOURS / 24;

/** What cannot be measured on this machine. Everything else comes from measured.json. */
export const assumptions = {
  /** Life of a connection in hours: API Gateway cuts every one after two, so PBXes log in that often. */
  connectionHours: 2,
  /** Tokens per PBX and month that were never seen before: new phones, reinstalled apps. */
  newTokens: 10,
  /** Registrations per PBX and month: once a year. */
  registrations: 1 / 12,
  /** Share of posts that an execution environment answers from memory; none for a PBX with a post every few minutes. */
  warmPosts: 0,
  /**
   * Share of those that still read their session: it is remembered for 10 s, the token for 60 s (docs/decisions.md, 4).
   * With a post every few minutes per PBX the session's 10 s are always over.
   */
  forgottenSessions: 1,
  /** Billed ms of an invocation by function, mostly spent waiting for DynamoDB or SNS; measured nowhere yet. */
  milliseconds: {
    session: 12,
    push: 40,
    registration: 40,
    mail: 80,
    events: 12,
    housekeeping: 12,
    canary: 1_500,
    history: 12,
  },
  otherMilliseconds: 200,
  /**
   * Posts in one delivery of a log subscription: CloudWatch Logs may batch, which is not guaranteed (User Guide,
   * Subscriptions), so each post is taken for a delivery of its own.
   */
  postsPerDelivery: 1,
  /** Share of posts that fail: a domain with a new failed post is written earlier. */
  failedPosts: 0.02,
  /** Minutes between two writes of a domain's recent posts, with a failed one among them and without (lambdas/core). */
  writeEvery: { failed: 10, accepted: 20 },
  /** Bytes of a post's log line that only recent posts need: the device's key. */
  deviceField: 55,
  /** What Lambda itself logs for an invocation: START, END and REPORT, in bytes and lines. */
  platformLog: { bytes: 270, lines: 3 },
  /** CloudWatch adds this many bytes to a line (docs: PutLogEvents), and keeps logs compressed to this share, for a month. */
  logOverhead: 26,
  logCompression: 0.15,
  /** TLS, TCP and IP around a frame to the PBX, in bytes. */
  frameOverhead: 100,
  /** Time series of our own metrics: each outcome, once seen, is one. */
  customMetrics: 80,
  /** A message in a queue is sent, received and deleted. */
  requestsPerMessage: 3,
  /** Five pollers read an idle queue every 20 s (Lambda's event source mapping). */
  pollsPerQueue: (5 * MONTH_HOURS * 3_600) / 20,
  /** Data keys for tables and topics are cached for minutes: about one request a minute. */
  kmsRequests: MONTH_HOURS * 60,
  /** The firewall's rules (lib/global-stack.ts). */
  wafRules: 2,
} as const;

/** Changes to estimate. */
export interface Tuning {
  readonly platformLog?: boolean;
  /** Log lines about successes; metrics stay. */
  readonly logLines?: boolean;
  readonly pushMemory?: number;
  /** Share of posts whose token an execution environment remembers. */
  readonly warmPosts?: number;
  /** Recent posts are kept. */
  readonly recentPosts?: boolean;
  /** Life of a connection if API Gateway does not end it. */
  readonly connectionHours?: number;
}

export type Usage = Readonly<Record<Item, number>>;
export type OperationCounts = Readonly<Record<OperationName, number>>;

/** How often each operation happens in a month, the canary's runs among them. */
export function operationCounts(
  fleet: Fleet,
  { resources }: Measured,
  { connectionHours = assumptions.connectionHours, warmPosts = assumptions.warmPosts, recentPosts = true }: Tuning = {},
): OperationCounts {
  const { newTokens, registrations } = assumptions;
  const runs = resources.scheduled["canary"] ?? 0;
  const connects = (fleet.pbxes * MONTH_HOURS) / connectionHours + runs;
  const keepAlives = (fleet.pbxes * MONTH_HOURS * 3_600) / fleet.keepAliveSeconds + runs;
  const posts = fleet.pbxes * fleet.pushesPerDay * MONTH_DAYS + runs;
  const firstPosts = Math.min(fleet.pbxes * newTokens, posts);
  const byMock = fleet.keepAlive === "mock";
  const deliveries = recentPosts ? posts / assumptions.postsPerDelivery : 0;
  const records = Math.min(deliveries, recordsPerMonth(fleet));
  return {
    registration: fleet.pbxes * registrations,
    login: connects,
    loginCheck: connects,
    keepAlive: byMock ? keepAlives : 0,
    answerByLambda: byMock ? 0 : keepAlives,
    firstPost: firstPosts,
    coldPost: (posts - firstPosts) * (1 - warmPosts),
    warmPost: (posts - firstPosts) * warmPosts,
    recordedPost: records,
    heldPost: deliveries - records,
    disconnect: connects,
  };
}

/** Writes of recent posts if each PBX has a domain of its own and posts evenly day and night: the maximum. */
export function recordsPerMonth({ pbxes, pushesPerDay }: Pick<Fleet, "pbxes" | "pushesPerDay">): number {
  if (pushesPerDay === 0) return 0;
  const { failedPosts, writeEvery } = assumptions;
  const perMinute = pushesPerDay / 1_440;
  const failed = 1 - (1 - failedPosts) ** (perMinute * writeEvery.failed);
  const every = failed * writeEvery.failed + (1 - failed) * writeEvery.accepted;
  // If nothing is new by then, the next post is written immediately.
  const cycle = every + Math.exp(-perMinute * every) / perMinute;
  return (pbxes * MONTH_HOURS * 60) / cycle;
}

/** What a fleet uses in a month, in the units that AWS bills. */
export function usageOf(fleet: Fleet, measured: Measured, tuning: Tuning = {}): Usage {
  const counts = operationCounts(fleet, measured, tuning);
  const sum = (of: (operation: Operation) => number) =>
    Object.entries(counts).reduce(
      (total, [name, times]) => total + times * of(measured.operations[name as OperationName]),
      0,
    );
  const calls = (pattern: RegExp) =>
    sum((operation) => total(operation.calls, (times, name) => (pattern.test(name) ? times : 0)));
  const { resources, operations } = measured;
  const sessionReads =
    counts.warmPost * assumptions.forgottenSessions * (operations.coldPost.units["sessions"]?.read ?? 0);
  const scheduled = (name: string) =>
    name === "history" && tuning.recentPosts === false ? 0 : (resources.scheduled[name] ?? 0);
  const invoked = (name: string) => sum(({ invocations }) => invocations[name] ?? 0) + scheduled(name);
  const invocations = Object.keys(resources.memory).reduce((all, name) => all + invoked(name), 0);

  const messages = sum(({ framesIn, framesOut }) => framesIn + framesOut);
  const deliveries = calls(/^sns\.Publish$/u);
  const queueMessages = calls(/^sqs\.SendMessage/u) + invoked("events");
  const posts = counts.firstPost + counts.coldPost + counts.warmPost;
  const spared = tuning.recentPosts === false && tuning.logLines !== false ? posts * assumptions.deviceField : 0;
  // The history function is the one without Lambda's own lines.
  const gigabytes = (logBytes(sum, invocations - invoked("history"), tuning) - spared) / 1e9;
  const out = sum(({ framesOut, bytesOut }) => bytesOut + framesOut * assumptions.frameOverhead) / 1e9;
  const http = invoked("registration") + invoked("admin") + invoked("status");
  return {
    webSocketMessage: Math.min(messages, 1e9),
    webSocketMessageOverBillion: Math.max(messages - 1e9, 0),
    webSocketMinute: fleet.pbxes * MONTH_HOURS * 60,
    httpRequest: http,
    lambdaRequest: invocations,
    lambdaGbSecond: Object.keys(resources.memory).reduce(
      (all, name) => all + invoked(name) * gbSeconds(name, resources, tuning),
      0,
    ),
    dynamoRead: sum(({ units }) => total(units, ({ read }) => read)) + sessionReads,
    dynamoWrite: sum(({ units }) => total(units, ({ write, indexWrite }) => write + indexWrite)),
    snsPublish: calls(/^sns\./u) + invoked("events"),
    snsMobilePush: deliveries,
    sqsRequest: queueMessages * assumptions.requestsPerMessage + resources.polledQueues * assumptions.pollsPerQueue,
    sesMail: calls(/^ses\./u),
    logGb: gigabytes,
    logStorageGb: gigabytes * assumptions.logCompression,
    logScanGb: 0,
    kinesisShardHour: 0,
    kinesisPut: 0,
    customMetric: assumptions.customMetrics,
    alarmMetric: resources.alarmMetrics,
    compositeAlarm: resources.compositeAlarms,
    dashboard: resources.dashboards,
    kmsKey: resources.keys,
    kmsRequest: assumptions.kmsRequests,
    secret: resources.secrets,
    transferGb: fleet.hostName ? 0 : out,
    cloudFrontRequest: fleet.hostName ? counts.login + http : 0,
    cloudFrontGb: fleet.hostName ? out : 0,
    wafAcl: fleet.hostName ? 1 : 0,
    wafRule: fleet.hostName ? assumptions.wafRules : 0,
    wafRequest: fleet.hostName ? counts.login + http : 0,
    fargateCpuHour: 0,
    fargateGbHour: 0,
    loadBalancerHour: 0,
    loadBalancerUnitHour: 0,
    publicIpv4Hour: 0,
    crossZoneGb: 0,
  };
}

function logBytes(sum: (of: (operation: Operation) => number) => number, invocations: number, tuning: Tuning): number {
  const { platformLog, logOverhead } = assumptions;
  const platform =
    tuning.platformLog === false ? 0 : invocations * (platformLog.bytes + platformLog.lines * logOverhead);
  const lines = tuning.logLines === false ? 0 : sum((each) => each.logBytes + each.logLines * logOverhead);
  return platform + lines + sum((each) => each.metricBytes + each.metricLines * logOverhead);
}

function gbSeconds(name: string, { memory }: Measured["resources"], { pushMemory }: Tuning): number {
  const known: Readonly<Record<string, number>> = assumptions.milliseconds;
  const megabytes = name === "push" ? (pushMemory ?? memory[name] ?? 0) : (memory[name] ?? 0);
  return ((known[name] ?? assumptions.otherMilliseconds) / 1_000) * (megabytes / 1_024);
}

const total = <T>(record: Readonly<Record<string, T>>, of: (value: T, name: string) => number): number =>
  Object.entries(record).reduce((sum, [name, value]) => sum + of(value, name), 0);
