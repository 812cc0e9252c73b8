import { CONNECTION_TIMES, type Connection, type ConnectionTimes } from "./apigateway/websocket/connection.ts";
import { createHttpApi, isOperatorApi } from "./apigateway/http/api.ts";
import { createWebSocketApi } from "./apigateway/websocket/api.ts";
import { createCallCounter, type CallCounter } from "./aws/calls.ts";
import { createFaults, type Faults } from "./aws/faults.ts";
import { startAwsServer } from "./aws/server.ts";
import { loadAssembly } from "./cloudformation/assembly.ts";
import { deploy } from "./cloudformation/deploy.ts";
import { TemplateError } from "./cloudformation/template.ts";
import { createLocalDashboard } from "./dashboard/routes.ts";
import { startEngine } from "./dynamodb/engine.ts";
import { connectDynamoDb } from "./dynamodb/service.ts";
import { startSweeping } from "./dynamodb/ttl.ts";
import { createLocalPages } from "./front/local-pages.ts";
import { createLogs, type LogEntry, type Logs } from "./front/logs.ts";
import type { PolicyWatch } from "./iam/authority.ts";
import { playIdentity, type IdentityProvider } from "./identity/provider.tsx";
import { startFront, type Mounted } from "./front/server.ts";
import type { LambdaFunction } from "./lambda/pool.ts";
import type { Mailbox } from "./ses/mailbox.ts";
import type { SnsControl } from "./sns/control.ts";
import { createTestPushes } from "./sns/phones/test-push.ts";
import type { Queue } from "./sqs/queue.ts";
import { createLocalMetrics, type LocalMetrics } from "./metrics/local-metrics.ts";
import { SOCKET_PATH } from "./product.ts";
import { ensureAssembly } from "./synth.ts";
import { createWorld, type World } from "./world.ts";

export interface LocalHostOptions {
  /** Default 8080; 0 lets the OS choose. Loopback only. */
  readonly port?: number;
  /** Directory of the cloud assembly; default: the stage `local`, synthesized if a source changed. */
  readonly assembly?: string;
  /** An external DynamoDB instead of the embedded one. */
  readonly dynamoDbEndpoint?: string | undefined;
  /** Name servers for the functions, `address:port` separated by commas; default: the machine's. */
  readonly dnsServers?: string | undefined;
  /** Maximum sandboxes per function; default 32. */
  readonly concurrency?: number;
  /** When API Gateway ends a connection; default after 10 min idle, or 2 h in total. */
  readonly connectionTimes?: Partial<ConnectionTimes>;
  /** Multiplies the functions' time limits, so that tests do not depend on the machine's speed; default 1. */
  readonly patience?: number;
  /** Runs everything on a schedule once at the start, which takes longer than the rest of it; default true. */
  readonly schedules?: boolean;
  /** Time between two sweeps of expired items, in ms; default 60,000. */
  readonly sweepMs?: number;
  /** Called with every line a function writes. */
  readonly onLog?: (entry: LogEntry) => void;
  /** Sees every resource that is created, every question to a policy of the template, and what was refused. */
  readonly policyWatch?: Partial<PolicyWatch>;
}

/** The service on this machine, including what AWS would not show. */
export interface LocalHost {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** URL of the WebSocket API: `ws://127.0.0.1:PORT/…` */
  readonly wsUrl: string;
  /** Endpoint of all AWS services, for an SDK client with any credentials. */
  readonly awsUrl: string;
  /** The stacks' outputs, by `Stack.Output`. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** Resources of the template that do nothing here. */
  readonly standsIn: readonly string[];
  readonly mailbox: Mailbox;
  readonly sns: SnsControl;
  readonly calls: CallCounter;
  readonly faults: Faults;
  readonly logs: Logs;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly queues: readonly Queue[];
  readonly metrics: LocalMetrics;
  /** The last 1,000 calls that a policy of the template refused, one sentence each. */
  readonly refusals: readonly string[];
  /** Runs everything scheduled now; resolves when done. */
  runSchedules(): Promise<void>;
  readonly functions: readonly LambdaFunction[];
  /** Ends everything the host started. */
  stop(): Promise<void>;
}

/**
 * Runs the synthesized templates. Rejects with an Error whose message says what to do: a taken port, no DynamoDB
 * engine, a resource that cannot run here. Leaves nothing running then. Several hosts may run in one process.
 */
export async function startLocalHost(options: LocalHostOptions = {}): Promise<LocalHost> {
  const endings: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(
      endings
        .splice(0)
        .reverse()
        .map(async (end) => end()),
    );
  };
  try {
    return { ...(await start(options, (end) => void endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: LocalHostOptions,
  onEnd: (end: () => void | Promise<void>) => void,
): Promise<Omit<LocalHost, "stop">> {
  const stacks = loadAssembly(options.assembly ?? (await ensureAssembly()).directory);
  const { region, accountId } = stacks[0] ?? { region: "", accountId: "" };
  const [calls, faults, logs] = [createCallCounter(), createFaults(), createLogs(options.onLog ?? (() => undefined))];

  const engine = await startEngine(options.dynamoDbEndpoint);
  onEnd(() => engine.stop());
  const dynamoDb = connectDynamoDb(engine.url);
  onEnd(() => dynamoDb.stop());
  const connectionTimes = { ...CONNECTION_TIMES, ...options.connectionTimes };
  const metrics = createLocalMetrics();
  const onLog = (name: string, line: string) => {
    logs.add(name, line);
    metrics.onLog(line);
  };
  const refusals: string[] = [];
  const onRefusal = (sentence: string) => {
    if (refusals.push(sentence) > REFUSALS_KEPT) refusals.shift();
    logs.add("policies", JSON.stringify({ level: "warn", message: sentence }));
    options.policyWatch?.onRefusal?.(sentence);
  };
  const world = createWorld({
    region,
    accountId,
    dynamoDb,
    concurrency: options.concurrency ?? 32,
    dnsServers: options.dnsServers,
    patience: options.patience ?? 1,
    onLog,
    faults,
    metrics,
    policyWatch: { ...options.policyWatch, onRefusal },
  });
  onEnd(() => world.sns.control.close());

  let onStackResponse: (id: string, body: string) => void = () => undefined;
  const aws = await startAwsServer({
    services: world.services,
    calls,
    faults,
    onAnswer: metrics.aws.answered,
    onStackResponse: (id, body) => onStackResponse(id, body),
  });
  onEnd(() => aws.close());

  let mounted: Mounted | undefined = undefined;
  let identity: (() => Promise<IdentityProvider>) | undefined = undefined;
  let ready = false;
  let standsIn: readonly string[] = [];
  const localPages = createLocalPages({
    facts: () => ({ url: front.url, wsUrl: socketUrl(front.url), stacks: stacks.map(({ name }) => name), standsIn }),
    ready: () => ready,
    down: async () =>
      (await engine.answers()) ? {} : { dynamodb: "the engine does not answer: start this host again" },
    mailbox: world.mailbox,
    phones: world.sns.control.phones,
    testPushes: createTestPushes(() => front.url),
    calls,
    faults,
    logs,
    dashboard: createLocalDashboard(metrics, logs),
    runSchedules: () => world.runSchedules(),
  });
  const front = await startFront({
    port: options.port ?? 8080,
    mounted: () => mounted,
    localPages,
    calls,
    faults,
    identity: () => identity?.(),
    authorize: world.authorize,
  });
  onEnd(() => front.close());
  onEnd(() => world.functions.stop());

  const { catalogue, custom } = world.catalogue({ aws: aws.url, front: front.url });
  onStackResponse = custom.onResponse;
  const { outputs } = await deploy(stacks, catalogue.provide);
  const mounting = mount(world, metrics, connectionTimes);
  onEnd(() => mounting.socket?.stop());
  for (const running of world.begin()) onEnd(() => running.stop());
  onEnd(startSweeping(dynamoDb, world.expiring, options.sweepMs ?? 60_000));
  standsIn = [...[...catalogue.standIns()].map(([type, count]) => `${type} (${count})`).sort(), ...world.notRun];
  mounted = mounting;
  identity = playIdentity(world.functions.list(), front.url);
  if (options.schedules ?? true) await world.runSchedules(); // includes the canary, for the status page
  calls.reset(); // calls made while creating resources are not the service's
  ready = true;

  return {
    port: front.port,
    url: front.url,
    wsUrl: socketUrl(front.url),
    awsUrl: aws.url,
    outputs,
    standsIn,
    mailbox: world.mailbox,
    sns: world.sns.control,
    calls,
    faults,
    logs,
    connections: mounting.socket?.connections ?? new Map<string, Connection>(),
    queues: world.sqs.list(),
    metrics,
    refusals,
    runSchedules: () => world.runSchedules(),
    functions: world.functions.list(),
  };
}

const socketUrl = (url: string) => url.replace(/^http/u, "ws") + SOCKET_PATH;

const REFUSALS_KEPT = 1_000;

/** One address can serve one API of each kind. */
function mount({ apis }: World, { aws }: LocalMetrics, times: ConnectionTimes): Mounted {
  const all = [...apis.values()];
  const one = (what: string, found: typeof all) => {
    if (found.length > 1)
      throw new TemplateError(`the template has ${found.length} ${what} APIs, the local host has room for one`);
    return found[0];
  };
  const http = all.filter(({ protocol }) => protocol === "HTTP");
  const socket = one(
    "WebSocket",
    all.filter(({ protocol }) => protocol === "WEBSOCKET"),
  );
  const web = one(
    "public HTTP",
    http.filter((api) => !isOperatorApi(api)),
  );
  const operator = one("IAM-authorized HTTP", http.filter(isOperatorApi));
  return {
    socket:
      socket &&
      createWebSocketApi(socket, times, (name, route) =>
        aws.socket({ id: socket.id, stage: socket.stage?.name ?? "" }, name, route),
      ),
    web: web && createHttpApi(web, () => aws.pageThrottled(web.id)),
    operator: operator && createHttpApi(operator),
  };
}
