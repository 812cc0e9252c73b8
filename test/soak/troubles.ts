import { setTimeout as sleep } from "node:timers/promises";
import { functionName } from "../../bin/cost/templates.ts";
import type { Random } from "../../bin/fleet/random.ts";
import type { LocalHost } from "../../local/host.ts";
import type { LambdaFunction } from "../../local/lambda/pool.ts";
import type { Jumping } from "./clock.ts";

/** What the troubles have done that a PBX or a table may notice. */
export interface Damage {
  /** Events that were under way in sandboxes when they were killed, by function. */
  readonly killed: Map<string, number>;
  /** Times by name of the trouble. */
  readonly times: Map<string, number>;
}

export interface TroubleWorld {
  readonly host: LocalHost;
  readonly random: Random;
  readonly clock: Jumping;
  readonly damage: Damage;
  /** Connection ids that are closed by now. */
  readonly gone: () => readonly string[];
  /** Accounts whose secret has not been replaced: an old secret counts once only. */
  readonly accounts: string[];
  readonly signal: AbortSignal;
}

type Trouble = readonly [name: string, act: (world: TroubleWorld) => Promise<void> | void];

/** Things in the order of the seed, one after the other with calm between them, until the signal. */
export async function makeTrouble(world: TroubleWorld): Promise<void> {
  const { random, damage, signal, host, clock } = world;
  while (!signal.aborted) {
    const [name, act] = random.pick(TROUBLES);
    damage.times.set(name, (damage.times.get(name) ?? 0) + 1);
    await act(world);
    host.faults.clear();
    clock.jump(0);
    await pause(signal, 500 + 2_000 * random.next());
  }
}

const pause = (signal: AbortSignal, ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** A share of the calls goes wrong for some seconds. */
const fault = (name: string, rule: object): Trouble => [
  name,
  async ({ host, random, signal }) => {
    // A call that hangs keeps its sandbox for seconds, and this host has no more than 32 of them.
    const most = "latencyMs" in rule ? 0.2 : 0.5;
    const added = host.faults.add({ ...rule, rate: 0.05 + (most - 0.05) * random.next() });
    if (typeof added === "string") throw new Error(`${name}: ${added}`);
    await pause(signal, 1_000 + 3_000 * random.next());
  },
];

/** Sandboxes end while they work, as when Lambda's machine fails. */
const kill = (name: string): Trouble => [
  `kill ${name}`,
  async ({ host, damage }) => {
    const target = named(host, name);
    const { taken, ended } = target.counts();
    damage.killed.set(name, (damage.killed.get(name) ?? 0) + taken - ended);
    await target.stop();
  },
];

function named(host: LocalHost, name: string): LambdaFunction {
  const found = host.functions.find(({ definition }) => functionName(definition.name) === name);
  if (found === undefined) throw new Error(`there is no function ${name}`);
  return found;
}

const jump = (ms: number): Trouble => [
  `clock ${ms > 0 ? "ahead" : "behind"} by ${Math.abs(ms)} ms`,
  async ({ clock, signal }) => {
    clock.jump(ms);
    await pause(signal, 2_000);
  },
];

async function operator({ host }: TroubleWorld, verb: string, account: string): Promise<void> {
  const url = `${host.url}/_local/admin/domain/${verb}?account=${encodeURIComponent(account)}`;
  const { status } = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  if (status >= 500 && status !== 503) throw new Error(`${verb}: ${status}`);
}

const TROUBLES: readonly [Trouble, ...Trouble[]] = [
  fault("Publish throttled", { service: "sns", operation: "Publish", error: "Throttled", status: 429 }),
  fault("Publish fails", { service: "sns", operation: "Publish", error: "InternalError", status: 500 }),
  fault("Publish hangs", { service: "sns", operation: "Publish", latencyMs: 10_000 }),
  fault("Publish is taken, its answer lost", { service: "sns", operation: "Publish", latencyMs: 10_000, taken: true }),
  fault("new endpoints throttled", { service: "sns", operation: "CreatePlatformEndpoint", error: "Throttled", status: 429 }),
  fault("reads left out", { service: "dynamodb", operation: "BatchGetItem", partial: true }),
  fault("reads throttled", { service: "dynamodb", operation: "BatchGetItem", error: "ThrottlingException", status: 400 }),
  fault("tables hang", { service: "dynamodb", latencyMs: 10_000 }),
  fault("tables fail", { service: "dynamodb", error: "InternalServerError", status: 500 }),
  fault("queues fail", { service: "sqs", error: "InternalFailure", status: 500 }),
  fault("mail fails", { service: "ses", error: "ServiceUnavailable", status: 503 }),
  fault("closing fails", { service: "execute-api", error: "InternalServerError", status: 500 }),
  fault("keys fail", { service: "kms", error: "KMSInternalException", status: 500 }),
  fault("secrets fail", { service: "secretsmanager", error: "InternalServiceError", status: 500 }),
  kill("push"),
  kill("session"),
  kill("housekeeping"),
  jump(1_500),
  jump(-1_500),
  jump(3_600_000),
  jump(-3_600_000),
  [
    "sockets dropped",
    ({ host, random }) => {
      for (const connection of host.connections.values()) if (random.next() < 0.2) connection.drop();
    },
  ],
  [
    "$disconnect twice and late",
    async ({ host, gone }) => {
      const session = named(host, "session");
      const told = gone().slice(-20).map((connectionId) => {
        const requestContext = { connectionId, requestId: "late", routeKey: "$disconnect", eventType: "DISCONNECT", requestTimeEpoch: Date.now() };
        return session.invoke({ requestContext, isBase64Encoded: false });
      });
      await Promise.all(told);
    },
  ],
  [
    "a secret replaced",
    async (world) => {
      const account = world.accounts.pop();
      if (account !== undefined) await operator(world, "replace", account);
    },
  ],
  [
    "an account disconnected",
    async (world) => {
      const [account] = world.accounts;
      if (account !== undefined) await operator(world, "disconnect", account);
    },
  ],
  [
    "a registration",
    async ({ host, random }) => {
      const body = JSON.stringify({ domain: `d${Math.floor(random.next() * 1e9)}.example`, email: "soak@example.com" });
      await fetch(`${host.url}/push/register`, { method: "POST", headers: { "content-type": "application/json" }, body });
    },
  ],
];
