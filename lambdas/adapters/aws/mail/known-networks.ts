import { networkOf } from "../../../core/shared/network.ts";
import { sha256 } from "../../../core/shared/random-text.ts";
import type { KnownNetworks } from "../../../ports/mail.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { lasting } from "../shared/dynamo-keys.ts";
import { dynamoTable } from "../shared/dynamo-table.ts";

const keyOf = (emailKey: string, source: string) => ({ pk: `KNOWN#${sha256(`${emailKey} ${networkOf(source)}`)}` });

/** Networks of mailboxes in the sessions table, as hashes (docs/architecture.md, Tables). */
export function dynamoKnownNetworks(client: FullDynamo, table: string): KnownNetworks {
  const sessions = dynamoTable(client, table);
  return {
    async note(emailKey, source, until) {
      await sessions.put({ ...keyOf(emailKey, source), ...lasting(until) });
    },

    async knows(emailKey, source, now) {
      const row = await sessions.get(keyOf(emailKey, source));
      return row !== undefined && Number(row["until"]) > now;
    },
  };
}
