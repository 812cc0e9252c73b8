import type { ConnectionDetails, LoggedInConnection } from "../../core/pbx/connection.ts";
import { mostTelling, type KeptRefusedLogin } from "../../core/pbx/refused-logins.ts";
import { accountKey } from "../../core/shared/names.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { SocketActivity, Sockets } from "../../ports/pbx.ts";

/** Most sockets whose activity is looked up: one call each, all at once, from the AWS account's own quota. */
const ASKED = 50;

/** Asks API Gateway when each socket was last active, keepalives included. One that it does not know stays as it is. */
export async function withActivity(
  sockets: SocketActivity,
  connections: readonly LoggedInConnection[],
): Promise<readonly ConnectionDetails[]> {
  const asked = connections.slice(0, ASKED).map(async (connection) => {
    const lastActiveAt = await lastActive(sockets, connection.connectionId);
    return { ...connection, ...(lastActiveAt !== undefined && { lastActiveAt }) };
  });
  return [...(await Promise.all(asked)), ...connections.slice(ASKED)];
}

async function lastActive(sockets: SocketActivity, connectionId: string): Promise<number | undefined> {
  try {
    return await sockets.lastActiveAt(connectionId);
  } catch (error) {
    if (error instanceof DependencyError) return undefined;
    throw error;
  }
}

/** The last refused logins of an account, or of a domain and its accounts: at most `most`. Throws DependencyError. */
export async function refusedLoginsOf(
  sockets: Pick<Sockets, "refusedLogins">,
  key: string,
  most: number,
): Promise<readonly KeptRefusedLogin[]> {
  const { domain } = accountKey(key);
  const kept = await sockets.refusedLogins(domain);
  return mostTelling(
    kept.filter(({ account }) => key === domain || account === key),
    most,
  );
}
