import type { AccountKey } from "../../../core/shared/names.ts";
import type { Presence } from "../../../ports/admin.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { connectionKey } from "../shared/dynamo-keys.ts";
import { dynamoTable } from "../shared/dynamo-table.ts";

/** Connections in the sessions table, as adapters/aws/pbx/sessions.ts wrote them: one query for each domain. */
export function dynamoPresence(client: FullDynamo, table: string): Presence {
  const sessions = dynamoTable(client, table);

  async function look(
    domain: string,
    accounts: readonly string[],
  ): Promise<(readonly [string, boolean | undefined])[]> {
    const { rows } = await sessions.query({
      index: "byDomain",
      keys: "#domain = :domain AND begins_with(pk, :prefix)",
      values: { domain, prefix: connectionKey("") },
      limit: accounts.length,
    });
    const connected = new Set(rows.map(({ account }) => account));
    return accounts.map((account) => {
      const found = account === domain ? rows.length > 0 : connected.has(account);
      return [account, found || (rows.length < accounts.length ? false : undefined)];
    });
  }

  return {
    async connected(accounts) {
      const byDomain = Map.groupBy(accounts, ({ domain }: AccountKey) => domain);
      const looks = [...byDomain].map(([domain, group]) =>
        look(
          domain,
          group.map(({ account }) => account),
        ),
      );
      return new Map((await Promise.all(looks)).flat());
    },
  };
}
