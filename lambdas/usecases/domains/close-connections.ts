import { mayStay } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import type { SocketCloser, Sockets } from "../../ports/pbx.ts";
import { endAccountsOf, type EndAccountsPorts } from "./end-accounts.ts";

export interface ConnectionCloserPorts extends EndAccountsPorts {
  readonly sockets: Sockets & SocketCloser;
}

/** Ends connections that may not be. All throw DependencyError. */
export interface ConnectionCloser {
  /** 30 s after a socket opened: it has logged in by now, or it goes. */
  checkLogin(connectionId: string): Promise<void>;
  /**
   * Ends the accounts that a domain has taken along (core/domains/accounts.ts), and every connection that could not log in again
   * as things are now; says how many connections.
   */
  sweep(domain: string): Promise<number>;
  /** Ends every connection of an account, or of a whole domain; says how many. */
  disconnect(account: string): Promise<number>;
}

/** Whether a login belongs to an account, or to the domain that covers it. */
export const isCoveredBy = (login: { readonly account: string; readonly domain: string }, account: string): boolean =>
  login.account === account || login.domain === account;

export function connectionCloser(ports: ConnectionCloserPorts): ConnectionCloser {
  const { sockets, domains, clock, telemetry } = ports;
  const endAccounts = endAccountsOf(ports);

  async function close(connectionId: string, outcome: string): Promise<void> {
    await sockets.close(connectionId);
    telemetry.metric("Connection", 1, { outcome });
    telemetry.log("info", "connection closed by the service", { connectionId, reason: outcome });
  }

  return {
    async checkLogin(connectionId) {
      const connection = await sockets.find(connectionId);
      if (connection !== undefined && connection.login === undefined) await close(connectionId, "never-logged-in");
    },

    async sweep(domain) {
      await endAccounts(domain);
      const connections = await sockets.ofDomain(domain);
      const accounts = connections.map(({ login }) => login.account);
      const rows = await domains.findAll([...new Set([domain, ...accounts])]);
      const found = new Map(rows.map((row) => [row.account, row]));
      const leaving = connections.filter(
        ({ login }) => !mayStay(found.get(login.account), found.get(domain), login.secretId, clock.now()),
      );
      for (const { connectionId } of leaving) await close(connectionId, "no-longer-allowed");
      return leaving.length;
    },

    async disconnect(account) {
      const connections = await sockets.ofDomain(accountKey(account).domain);
      const leaving = connections.filter(({ login }) => isCoveredBy(login, account));
      for (const { connectionId } of leaving) await close(connectionId, "disconnected");
      return leaving.length;
    },
  };
}
