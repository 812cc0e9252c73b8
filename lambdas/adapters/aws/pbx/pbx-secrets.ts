import { usedOf, type AccountSecrets, type SecretMarks } from "../../../core/pbx/secret.ts";
import type { PbxSecretsStore } from "../../../ports/pbx.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { domainRow } from "../shared/dynamo-keys.ts";
import { batchGet } from "../shared/dynamo-table.ts";

/** Secrets and state of an account and of the domain that covers it: always one consistent BatchGetItem over both tables. */
export function dynamoPbxSecrets(
  client: Dynamo,
  tables: { readonly secrets: string; readonly core: string },
): PbxSecretsStore {
  return {
    async find({ account, domain }) {
      const names = [...new Set([account, domain])];
      const rows = await batchGet(client, {
        [tables.secrets]: names.map((name) => ({ account: name })),
        [tables.core]: names.map(domainRow),
      });
      const secrets = (name: string) => rows(tables.secrets).find((row) => row["account"] === name);
      const domains = rows(tables.core);
      const own = account === domain ? undefined : (secrets(account) as AccountSecrets | undefined);
      const holder = own === undefined ? domain : account;
      const marks = domains.find((row) => row["pk"] === domainRow(holder).pk)?.["secrets"] as SecretMarks | undefined;
      return {
        own,
        domain: secrets(domain) as AccountSecrets | undefined,
        active: domains.length > 0 && domains.every((row) => row["state"] === "active"),
        holder,
        used: marks === undefined ? [] : usedOf(marks),
      };
    },
  };
}
