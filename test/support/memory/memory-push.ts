import type { Breaker } from "../../../lambdas/core/push/breaker.ts";
import { STRIKE_WINDOW_MS, type Device, type Tenant } from "../../../lambdas/core/push/device.ts";
import { type EndpointsMade, oneMoreEndpoint } from "../../../lambdas/core/push/new-tokens.ts";
import type { Clock } from "../../../lambdas/ports/clock.ts";
import type {
  PostContextStore,
  DeviceChange,
  DeviceRow,
  Devices,
  NewTokens,
  Outcomes,
} from "../../../lambdas/ports/push.ts";
import type { LoggedIn } from "../../../lambdas/core/pbx/connection.ts";
import type { Sessions } from "../../../lambdas/ports/pbx.ts";

/** Connections and devices as the use cases see them; one suite checks memory and DynamoDB alike. */
export interface PushStore {
  readonly sessions: Sessions;
  readonly context: PostContextStore;
  readonly devices: Devices;
  readonly newTokens: NewTokens;
  readonly outcomes: Outcomes;
}

interface Connection {
  readonly source: string;
  readonly connectedAt: number;
  challenge?: { readonly challenge: string; readonly until: number } | undefined;
  login?: LoggedIn | undefined;
  flooding?: boolean;
}

interface Row extends Omit<Device, "tenant" | "endpointArn"> {
  readonly app: string;
  readonly endpointArn: string | undefined;
  readonly tenants: ReadonlyMap<string, Tenant>;
}

/** A table answers after this many ms. */
export const TABLE_MS = 5;

export function memoryPushStore(clock: Clock): PushStore {
  const later = () => clock.sleep(TABLE_MS);
  const connections = new Map<string, Connection>();
  const devices = new Map<string, Row>();
  const breakers = new Map<string, Breaker>();
  const disabled = new Map<string, number>();
  const made = new Map<string, EndpointsMade>();
  /** When marks were lifted. */
  const lifted = new Map<string, number>();

  const edit = (key: string, change: (row: Row) => Partial<Row>) => {
    const row = devices.get(key);
    if (row !== undefined) devices.set(key, { ...row, ...change(row) });
  };

  function write(key: string, { domain, app, usedAt, ...change }: DeviceChange): DeviceRow | undefined {
    const old = devices.get(key);
    const kept = <T>(next: T | null | undefined, before: T | undefined) =>
      next === undefined ? before : (next ?? undefined);
    const tenant = old?.tenants.get(domain) ?? { since: usedAt, strikes: 0, countedFrom: 0, struckAt: 0 };
    const row = {
      app,
      usedAt,
      endpointArn: change.endpointArn ?? old?.endpointArn,
      createdAt: old?.createdAt ?? usedAt,
      goodSince: kept(change.goodSince, old?.goodSince),
      enabledAt: kept(change.enabledAt, old?.enabledAt),
      tries: kept(change.tries, old?.tries),
      goneAt: kept(change.goneAt, old?.goneAt),
      tenants: new Map(old?.tenants).set(domain, tenant),
    };
    devices.set(key, row);
    return asSeen(row);
  }

  return {
    sessions: {
      async open(connectionId, { source, connectedAt }) {
        await later();
        connections.set(connectionId, { source, connectedAt });
      },
      async close(connectionId) {
        await later();
        const known = connections.get(connectionId);
        connections.delete(connectionId);
        return known && { connectedAt: known.connectedAt, account: known.login?.account };
      },
      async setChallenge(connectionId, challenge, until) {
        await later();
        const connection = connections.get(connectionId);
        if (connection !== undefined) connection.challenge = { challenge, until };
        return connection !== undefined;
      },
      async takeChallenge(connectionId) {
        await later();
        const connection = connections.get(connectionId);
        const taken = connection?.challenge;
        if (connection === undefined || taken === undefined) return undefined;
        connection.challenge = undefined;
        return { ...taken, source: connection.source };
      },
      async logOut(connectionId, secretId) {
        await later();
        const connection = connections.get(connectionId);
        if (connection !== undefined && (secretId ?? connection.login?.secretId) === connection.login?.secretId)
          connection.login = undefined;
      },
      async markFlooding(connectionId) {
        await later();
        const connection = connections.get(connectionId);
        if (connection === undefined || connection.login !== undefined || connection.flooding === true) return false;
        connection.flooding = true;
        return true;
      },
      async logIn(connectionId, { account, domain, secretId }) {
        await later();
        const connection = connections.get(connectionId);
        if (connection !== undefined) connection.login = { account, domain, secretId };
        return connection !== undefined;
      },
      keepRefusedLogin: later,
      keepPbxInfo: later,
    },

    context: {
      async read({ connectionId, deviceKey, app }) {
        await later();
        return {
          session: connections.get(connectionId ?? "")?.login,
          device: asSeen(devices.get(deviceKey ?? "")),
          breaker: deviceKey === undefined ? undefined : breakers.get(app ?? ""),
        };
      },
    },

    devices: {
      async remember(deviceKey, change) {
        await later();
        return write(deviceKey, change);
      },
      async compareAndSet(deviceKey, change, seen) {
        await later();
        const { enabledAt, goneAt } = devices.get(deviceKey) ?? {};
        return enabledAt === seen.enabledAt && goneAt === seen.goneAt ? write(deviceKey, change) : undefined;
      },
      async forgetGone(deviceKey, at) {
        await later();
        const { goneAt, enabledAt } = devices.get(deviceKey) ?? {};
        edit(deviceKey, () => ({ goneAt: undefined, enabledAt: undefined, tries: undefined }));
        const forgotten = goneAt !== undefined || enabledAt !== undefined;
        if (forgotten) lifted.set(deviceKey, at);
        return forgotten;
      },
    },

    newTokens: {
      async add(domain, at) {
        await later();
        const counted = oneMoreEndpoint(made.get(domain), at);
        made.set(domain, counted);
        return counted;
      },
    },

    outcomes: {
      async find(endpointArn) {
        await later();
        for (const [key, { app, goodSince, enabledAt, tenants, ...row }] of devices) {
          if (row.endpointArn === endpointArn) return { key, app, goodSince, enabledAt, tenants: [...tenants.keys()] };
        }
        return undefined;
      },
      async markGone(key, at) {
        await later();
        const row = devices.get(key);
        if (row === undefined || row.goneAt !== undefined || Math.max(row.enabledAt ?? 0, lifted.get(key) ?? 0) > at)
          return false;
        edit(key, () => ({ goneAt: at }));
        return true;
      },
      async forgetEndpoint(key, endpointArn) {
        await later();
        edit(key, (row) => (row.endpointArn === endpointArn ? { endpointArn: undefined } : {}));
      },
      async strike(key, tenant, at) {
        await later();
        edit(key, ({ tenants }) => {
          const old = tenants.get(tenant);
          if (old === undefined) return {};
          const counted =
            old.countedFrom > at - STRIKE_WINDOW_MS ? { strikes: old.strikes + 1 } : { strikes: 1, countedFrom: at };
          return { tenants: new Map(tenants).set(tenant, { ...old, ...counted, struckAt: at }) };
        });
      },
      async countDisabled(app, at) {
        await later();
        const minute = `${app} ${Math.floor(at / 60_000)}`;
        disabled.set(minute, (disabled.get(minute) ?? 0) + 1);
        return disabled.get(minute) ?? 0;
      },
      async breakerOf(app) {
        await later();
        return breakers.get(app);
      },
      async openBreaker(app, breaker) {
        await later();
        breakers.set(app, breaker);
      },
    },
  };
}

function asSeen(row: Row | undefined): DeviceRow | undefined {
  if (row?.endpointArn === undefined) return undefined;
  const { endpointArn, createdAt, usedAt, goodSince, goneAt, enabledAt, tries, tenants } = row;
  const device = { endpointArn, createdAt, usedAt, goodSince, goneAt, enabledAt, tries };
  return {
    seenBy: (domain) => ({ ...device, tenant: tenants.get(domain) }),
    isShared: (domain) => [...tenants.keys()].some((tenant) => tenant !== domain),
  };
}
