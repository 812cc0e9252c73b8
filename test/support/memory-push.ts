import type { Device, Tenant } from "../../lambdas/core/device.ts";
import type { Clock } from "../../lambdas/ports/clock.ts";
import type { CallContextStore, Devices } from "../../lambdas/ports/devices.ts";
import type { Outcomes } from "../../lambdas/ports/outcomes.ts";
import type { LoggedIn, Sessions } from "../../lambdas/ports/sessions.ts";

/** Connections and devices as the use cases see them; one suite holds memory and DynamoDB equal. */
export interface PushStore {
  readonly sessions: Sessions;
  readonly context: CallContextStore;
  readonly devices: Devices;
  readonly outcomes: Outcomes;
}

interface Connection {
  readonly source: string;
  challenge?: { readonly challenge: string; readonly until: number } | undefined;
  login?: LoggedIn | undefined;
}

interface Row extends Omit<Device, "tenant" | "endpointArn"> {
  readonly app: string;
  readonly endpointArn: string | undefined;
  readonly tenants: ReadonlyMap<string, Tenant>;
}

const STRIKE_WINDOW = 3_600_000;

/** A table answers after this many ms. */
export const TABLE_MS = 5;

export function memoryPushStore(clock: Clock): PushStore {
  const later = () => clock.sleep(TABLE_MS);
  const connections = new Map<string, Connection>();
  const devices = new Map<string, Row>();
  const breakers = new Map<string, number>();
  const disabled = new Map<string, number>();

  const edit = (key: string, change: (row: Row) => Partial<Row>) => {
    const row = devices.get(key);
    if (row !== undefined) devices.set(key, { ...row, ...change(row) });
  };

  return {
    sessions: {
      async open(connectionId, { source }) {
        await later();
        connections.set(connectionId, { source });
      },
      async close(connectionId) {
        await later();
        connections.delete(connectionId);
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
        connection.login = undefined;
        return { ...taken, source: connection.source };
      },
      async logIn(connectionId, { account, domain, secretId }) {
        await later();
        const connection = connections.get(connectionId);
        if (connection !== undefined) connection.login = { account, domain, secretId };
        return connection !== undefined;
      },
      noteRefusal: later,
      keepPbxInfo: later,
    },

    context: {
      async read({ connectionId, deviceKey, app }) {
        await later();
        const row = devices.get(deviceKey ?? "");
        const { endpointArn } = row ?? {};
        return {
          session: connections.get(connectionId ?? "")?.login,
          device:
            row === undefined || endpointArn === undefined
              ? undefined
              : { seenBy: (domain) => ({ ...asDevice(row, endpointArn), tenant: row.tenants.get(domain) }) },
          breakerOpen: deviceKey !== undefined && (breakers.get(app) ?? 0) > clock.now(),
        };
      },
    },

    devices: {
      async remember(deviceKey, { domain, app, usedAt, goneAt, ...change }) {
        await later();
        const old = devices.get(deviceKey);
        const tenants = new Map(old?.tenants).set(domain, old?.tenants.get(domain) ?? { since: usedAt, strikes: 0, struckAt: 0 });
        devices.set(deviceKey, {
          endpointArn: change.endpointArn ?? old?.endpointArn,
          createdAt: old?.createdAt ?? usedAt,
          enabledAt: change.enabledAt ?? old?.enabledAt,
          goneAt: goneAt === undefined ? old?.goneAt : (goneAt ?? undefined),
          app,
          usedAt,
          tenants,
        });
      },
    },

    outcomes: {
      async find(endpointArn) {
        await later();
        for (const [key, { app, createdAt, enabledAt, tenants, ...row }] of devices) {
          if (row.endpointArn === endpointArn) return { key, app, createdAt, enabledAt, tenants: [...tenants.keys()] };
        }
        return undefined;
      },
      async markGone(key, at) {
        await later();
        edit(key, () => ({ goneAt: at }));
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
          const strikes = old.struckAt > at - STRIKE_WINDOW ? old.strikes + 1 : 1;
          return { tenants: new Map(tenants).set(tenant, { ...old, strikes, struckAt: at }) };
        });
      },
      async countDisabled(app, at) {
        await later();
        const minute = `${app} ${Math.floor(at / 60_000)}`;
        disabled.set(minute, (disabled.get(minute) ?? 0) + 1);
        return disabled.get(minute) ?? 0;
      },
      async breakerOpenUntil(app) {
        await later();
        return breakers.get(app) ?? 0;
      },
      async openBreaker(app, until) {
        await later();
        breakers.set(app, until);
      },
    },
  };
}

const asDevice = ({ createdAt, usedAt, goneAt, enabledAt }: Row, endpointArn: string) => ({
  endpointArn,
  createdAt,
  usedAt,
  goneAt,
  enabledAt,
});
