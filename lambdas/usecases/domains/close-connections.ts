import { mayStay } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { LoggedInConnection } from "../../core/pbx/connection.ts";
import type { Checks, LogOut, Networks, SocketCloser, Sockets } from "../../ports/pbx.ts";
import { endAccountsOf, type EndAccountsPorts } from "./end-accounts.ts";

/** A connection that could not be closed is tried again after this time, in s. */
const CLOSE_AGAIN_S = 15;

export interface ConnectionCloserPorts extends EndAccountsPorts {
  readonly sockets: Sockets & SocketCloser & LogOut;
  readonly checks: Pick<Checks, "checkLogin">;
  readonly networks: Pick<Networks, "closed">;
}

/** Closes connections that are not allowed. All throw DependencyError. */
export interface ConnectionCloser {
  /** 30 s after a socket opened: closes it if it has not logged in. */
  checkLogin(connectionId: string): Promise<void>;
  /** Closes a socket that keeps posting without a login, and counts it once for its network. A login saves it. */
  flooding(connectionId: string): Promise<void>;
  /**
   * Ends the accounts that have outlived their domain (core/domains/accounts.ts), and closes every connection that
   * could not log in again now; returns how many connections.
   */
  sweep(domain: string): Promise<number>;
  /** Closes every connection of an account, or of a whole domain; returns how many. */
  disconnect(account: string): Promise<number>;
}

/** Whether a login belongs to an account, or to the domain that covers it. */
export const isCoveredBy = (login: { readonly account: string; readonly domain: string }, account: string): boolean =>
  login.account === account || login.domain === account;

export function connectionCloser(ports: ConnectionCloserPorts): ConnectionCloser {
  const { sockets, checks, networks, domains, clock, telemetry } = ports;
  const endAccounts = endAccountsOf(ports);

  async function close(connectionId: string, outcome: string): Promise<void> {
    await sockets.close(connectionId);
    telemetry.metric("Connection", 1, { outcome });
    telemetry.log("info", "connection closed by the service", { connectionId, reason: outcome });
  }

  /** The login ends first, since closing may fail: then the connection has no rights, and is closed later. */
  async function end({ connectionId, login }: LoggedInConnection, outcome: string): Promise<void> {
    await sockets.logOut(connectionId, login.secretId);
    try {
      await close(connectionId, outcome);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", "connection not closed, it is tried again", { connectionId, error: error.message });
      await checks.checkLogin(connectionId, CLOSE_AGAIN_S);
    }
  }

  /** One that fails does not stop the others; once all have been tried, throws the first error. */
  async function endAll(connections: readonly LoggedInConnection[], outcome: string): Promise<number> {
    const ends = await Promise.allSettled(connections.map((connection) => end(connection, outcome)));
    const failed = ends.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return connections.length;
  }

  return {
    async checkLogin(connectionId) {
      const connection = await sockets.find(connectionId);
      if (connection !== undefined && connection.login === undefined) await close(connectionId, "never-logged-in");
    },

    async flooding(connectionId) {
      const connection = await sockets.find(connectionId);
      if (connection === undefined || connection.login !== undefined) return;
      if (await sockets.markFlooding(connectionId)) await networks.closed(connection.source, clock.now());
      await close(connectionId, "flooding");
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
      return endAll(leaving, "no-longer-allowed");
    },

    async disconnect(account) {
      const connections = await sockets.ofDomain(accountKey(account).domain);
      return endAll(
        connections.filter(({ login }) => isCoveredBy(login, account)),
        "disconnected",
      );
    },
  };
}
