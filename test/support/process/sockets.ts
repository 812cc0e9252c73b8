import type { Connection, LoggedInConnection } from "../../../lambdas/core/pbx/connection.ts";
import type { KeptRefusedLogin } from "../../../lambdas/core/pbx/refused-logins.ts";
import type { LogOut, SocketActivity, SocketCloser, Sockets } from "../../../lambdas/ports/pbx.ts";

/** Open sockets in memory; closing removes them. */
export function memorySockets(): Sockets &
  SocketCloser &
  SocketActivity &
  LogOut & {
    readonly open: Map<string, Connection>;
    readonly closed: string[];
    readonly active: Map<string, number>;
    readonly refused: (KeptRefusedLogin & { readonly domain: string })[];
  } {
  const open = new Map<string, Connection>();
  const closed: string[] = [];
  const marked = new Set<string>();
  const active = new Map<string, number>();
  const refused: (KeptRefusedLogin & { readonly domain: string })[] = [];
  const isOf =
    (domain: string) =>
    (connection: Connection): connection is LoggedInConnection =>
      connection.login?.domain === domain;
  return {
    open,
    closed,
    active,
    refused,
    lastActiveAt: (id) => Promise.resolve(active.get(id)),
    refusedLogins: (wanted) =>
      Promise.resolve(refused.filter(({ domain }) => domain === wanted).map(({ domain: _, ...refusal }) => refusal)),
    find: (id) => Promise.resolve(open.get(id)),
    ofDomain: (domain) => Promise.resolve([...open.values()].filter(isOf(domain))),
    logOut: (id) => {
      const { login: _, ...connection } = open.get(id) ?? {};
      if (open.has(id)) open.set(id, connection as Connection);
      return Promise.resolve();
    },
    markFlooding: (id) => {
      const isNew = !marked.has(id);
      marked.add(id);
      return Promise.resolve(isNew);
    },
    close: (id) => {
      open.delete(id);
      closed.push(id);
      return Promise.resolve();
    },
  };
}
