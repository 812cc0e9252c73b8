import { sha256 } from "../../../core/shared/random-text.ts";
import { suppressedUntil, type Suppression } from "../../../core/mail/suppression.ts";
import type { Suppressions } from "../../../ports/mail.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";

const KIND = "suppression";
const keyOf = (address: string) => ({ pk: `MAIL#${sha256(address)}`, sk: "SUPPRESSION" });

/** Addresses that get no email, in the core table (docs/architecture.md, Tables). */
export function dynamoSuppressions(client: FullDynamo, table: string): Suppressions {
  const core = dynamoTable(client, table);
  return {
    async find(address) {
      const row = await core.get(keyOf(address));
      return row && toSuppression(row);
    },

    async add(suppression) {
      const until = suppressedUntil(suppression);
      const ttl = until === undefined ? {} : { ttl: toSeconds(until) };
      await core.put(
        { ...keyOf(suppression.address), kind: KIND, ...suppression, ...ttl },
        { when: "attribute_not_exists(pk) OR #reason = :bounced", values: { bounced: "bounced" } },
      );
    },

    remove: async (address) => (await core.remove(keyOf(address))) !== undefined,

    async list(limit, after) {
      const start = after === undefined ? undefined : { kind: KIND, ...keyOf(after) };
      const { rows, next } = await core.query({
        index: "byKind",
        keys: "kind = :kind",
        values: { kind: KIND },
        limit,
        after: start,
      });
      const items = rows.map(toSuppression);
      return { items, next: next && items.at(-1)?.address };
    },
  };
}

function toSuppression({ pk, sk, kind, ttl, ...suppression }: Row): Suppression {
  return suppression as unknown as Suppression;
}
