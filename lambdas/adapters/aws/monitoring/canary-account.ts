import { CANARY_ACCOUNT } from "../../../core/monitoring/canary.ts";
import type { AccountSecrets } from "../../../core/pbx/secret.ts";
import type { CanaryAccount } from "../../../ports/monitoring.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { domainRow } from "../shared/dynamo-keys.ts";
import { dynamoTable, putIn, transact } from "../shared/dynamo-table.ts";

/**
 * The canary's rows, the only ones its function may touch (lib/functions/canary.ts). To a login they look like any
 * account's, but they have their own kind, so that operators do not find them among their customers.
 */
export function dynamoCanaryAccount(
  client: FullDynamo,
  tables: { readonly core: string; readonly secrets: string },
): CanaryAccount {
  const stored = dynamoTable(client, tables.secrets);
  return {
    async secret() {
      const row = await stored.get({ account: CANARY_ACCOUNT });
      return row && (row as unknown as AccountSecrets).current.secret;
    },

    async setUp({ after: { account, ...domain }, secrets }) {
      const conflict = await transact(client, [
        putIn(tables.core, { ...domainRow(account), kind: "canary", ...domain }, { when: "attribute_not_exists(pk)" }),
        putIn(tables.secrets, { account, ...secrets }, { when: "attribute_not_exists(account)" }),
      ]);
      return conflict === undefined;
    },
  };
}
