import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../fleet/random.ts";
import { connectPbx } from "../../bin/pbx/protocol/client.ts";
import type { LocalHost } from "../../local/host.ts";
import { functionOf } from "../shared/host.ts";
import type { Jumping } from "./clock.ts";
import type { Part, Trouble } from "./evidence.ts";

/** Effects of the troubles that a PBX or a table may notice. */
export interface Damage {
  readonly troubles: Trouble[];
  /** Events running in execution environments when these were killed, by function. */
  readonly killed: Map<string, number>;
  dropped: number;
  newSecretLogins: number;
}

export interface TroubleWorld {
  readonly host: LocalHost;
  readonly random: Random;
  readonly clock: Jumping;
  readonly damage: Damage;
  /** Ids of connections that have closed. */
  readonly gone: () => readonly string[];
  /** Accounts whose secret has not been replaced, as each secret is replaced only once. */
  readonly accounts: string[];
  readonly signal: AbortSignal;
}

/** Causes the trouble and resolves with the number of calls, events, sockets or accounts affected. */
interface Kind {
  readonly name: string;
  readonly part: Part;
  readonly act: (services: TroubleWorld) => Promise<number> | number;
}

/** Time in ms without any trouble before each half of a round, during which nothing may be refused. */
const CALM_MS = 5_000;

/** Every kind once in a round, which takes less than a minute, in an order that the seed shuffles; round after round until the signal. */
export async function makeTrouble(services: TroubleWorld): Promise<void> {
  const { random, damage, signal, host, clock } = services;
  while (!signal.aborted) {
    const round = shuffled(KINDS, random);
    for (const [index, { name, part, act }] of round.entries()) {
      if (index % Math.ceil(round.length / 2) === 0) await pause(signal, CALM_MS);
      if (signal.aborted) return;
      const from = performance.now();
      const struck = await act(services);
      host.faults.clear();
      clock.jump(0);
      damage.troubles.push({ name, part, from, to: performance.now(), struck });
      await pause(signal, 200 + 500 * random.next());
    }
  }
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}

const pause = (signal: AbortSignal, ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** A share of the calls fails for about a second. */
const fault = (name: string, rule: { readonly service: Part } & Readonly<Record<string, unknown>>): Kind => ({
  name,
  part: rule.service,
  act: async ({ host, random, signal }) => {
    // A call that hangs keeps its execution environment for seconds, and this host has no more than 32 of them.
    const most = "latencyMs" in rule ? 0.2 : 0.5;
    const added = host.faults.add({ ...rule, rate: 0.1 + (most - 0.1) * random.next() });
    if (typeof added === "string") throw new Error(`${name}: ${added}`);
    await pause(signal, 800 + 800 * random.next());
    return host.faults.list().reduce((sum, { struck }) => sum + struck, 0);
  },
});

/** Execution environments end during an event, as when Lambda's machine fails. */
const kill = (name: "push" | "session" | "housekeeping"): Kind => ({
  name: `kill ${name}`,
  part: name,
  act: async ({ host, damage }) => {
    const target = functionOf(host, name);
    const { taken, ended } = target.counts();
    damage.killed.set(name, (damage.killed.get(name) ?? 0) + taken - ended);
    await target.stop();
    return 1; // the next event gets a cold start, whether or not one was running
  },
});

const jump = (ms: number): Kind => ({
  name: `clock ${ms > 0 ? "ahead" : "behind"} by ${Math.abs(ms)} ms`,
  part: "clock",
  act: async ({ clock, signal }) => {
    clock.jump(ms);
    await pause(signal, 1_200);
    return 1;
  },
});

/** The operator's answer; undefined if the service was unable to do it. Throws if it refused. */
async function operator({ host }: TroubleWorld, verb: string, account: string): Promise<object | undefined> {
  const url = `${host.url}/_local/admin/domain/${verb}?account=${encodeURIComponent(account)}`;
  const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as object;
  if (response.status < 500) throw new Error(`${verb}: ${response.status} ${text}`);
  return undefined;
}

/** Once per account: after a failure it may have taken effect, and a second replacement would end the first secret. */
async function replaceSecret(services: TroubleWorld): Promise<number> {
  const { host, accounts, damage, signal } = services;
  await pause(signal, 2_000); // earlier events are over
  for (let account = accounts.pop(); account !== undefined && !signal.aborted; account = accounts.pop()) {
    const issued = await operator(services, "replace", account);
    if (issued === undefined) continue;
    const { secret } = issued as { readonly secret: string };
    const pbx = await connectPbx({ url: host.wsUrl, account, secret, timeouts: { keepAlive: 0 } });
    damage.newSecretLogins += 1;
    await pbx.close();
    return 1;
  }
  return 0;
}

const KINDS: readonly Kind[] = [
  fault("Publish throttled", { service: "sns", operation: "Publish", error: "Throttled", status: 429 }),
  fault("Publish fails", { service: "sns", operation: "Publish", error: "InternalError", status: 500 }),
  fault("Publish hangs", { service: "sns", operation: "Publish", latencyMs: 10_000 }),
  fault("Publish is accepted, its answer lost", {
    service: "sns",
    operation: "Publish",
    latencyMs: 10_000,
    taken: true,
  }),
  fault("new endpoints throttled", {
    service: "sns",
    operation: "CreatePlatformEndpoint",
    error: "Throttled",
    status: 429,
  }),
  fault("reads left out", { service: "dynamodb", operation: "BatchGetItem", partial: true }),
  fault("reads throttled", {
    service: "dynamodb",
    operation: "BatchGetItem",
    error: "ThrottlingException",
    status: 400,
  }),
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
  {
    name: "sockets dropped",
    part: "sockets",
    act: ({ host, random, damage }) => {
      const chosen = [...host.connections.values()].filter(() => random.next() < 0.2);
      for (const connection of chosen) connection.drop();
      damage.dropped += chosen.length;
      return chosen.length;
    },
  },
  {
    name: "$disconnect twice and late",
    part: "sockets",
    act: async ({ host, gone }) => {
      const session = functionOf(host, "session");
      const told = gone()
        .slice(-20)
        .map((connectionId) => {
          const requestContext = {
            connectionId,
            requestId: "late",
            routeKey: "$disconnect",
            eventType: "DISCONNECT",
            requestTimeEpoch: Date.now(),
          };
          return session.invoke({ requestContext, isBase64Encoded: false });
        });
      await Promise.all(told);
      return told.length;
    },
  },
  { name: "a secret replaced", part: "account", act: replaceSecret },
  {
    name: "an account disconnected",
    part: "account",
    act: async (services) => {
      const [account] = services.accounts;
      return account !== undefined && (await operator(services, "disconnect", account)) !== undefined ? 1 : 0;
    },
  },
  {
    name: "a registration",
    part: "registration",
    act: async ({ host, random }) => {
      const body = JSON.stringify({ domain: `d${Math.floor(random.next() * 1e9)}.example`, email: "soak@example.com" });
      const { status } = await fetch(`${host.url}/push/register`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      if (status >= 400 && status < 500 && status !== 429) throw new Error(`a registration was answered ${status}`);
      return 1;
    },
  },
];

export const KIND_NAMES: readonly string[] = KINDS.map(({ name }) => name);
