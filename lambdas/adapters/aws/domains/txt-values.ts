import { sha256 } from "../../../core/shared/random-text.ts";
import type { TxtValue, TxtValues } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable } from "../shared/dynamo-table.ts";

/** Values for TXT records in the sessions table (docs/architecture.md, Tables). */
export function dynamoTxtValues(client: FullDynamo, table: string): TxtValues {
  const sessions = dynamoTable(client, table);
  const keyOf = (domain: string, emailKey: string) => ({ pk: `TXT#${sha256(`${domain} ${emailKey}`)}` });

  return {
    async current(domain, emailKey, fresh, now) {
      const row = { ...keyOf(domain, emailKey), ...fresh, ttl: toSeconds(fresh.expiresAt) + 1 };
      const standing = await sessions.put(row, {
        when: "attribute_not_exists(pk) OR expiresAt <= :now",
        values: { now },
      });
      if (standing === undefined) return fresh;
      const { value, expiresAt } = standing as unknown as TxtValue;
      return { value, expiresAt };
    },

    async end(domain, emailKey) {
      await sessions.remove(keyOf(domain, emailKey));
    },
  };
}
