import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountSecrets } from "../../../core/pbx/secret.ts";
import type { PbxSecretsStore } from "../../../ports/pbx.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { Dynamo } from "../shared/aws-client.ts";
import { call } from "../shared/call.ts";
import { domainRow } from "../shared/dynamo-keys.ts";

const OPERATION = "dynamodb.BatchGetItem";

/** Secrets and state of an account and of the domain that covers it: always one consistent BatchGetItem over both tables. */
export function dynamoPbxSecrets(
  client: Dynamo,
  tables: { readonly secrets: string; readonly core: string },
): PbxSecretsStore {
  return {
    async find({ account, domain }) {
      const names = [...new Set([account, domain])];
      const response = await call(OPERATION, (options) =>
        client.request(
          "BatchGetItem",
          {
            RequestItems: {
              [tables.secrets]: { Keys: names.map((name) => marshall({ account: name })), ConsistentRead: true },
              [tables.core]: { Keys: names.map((name) => marshall(domainRow(name))), ConsistentRead: true },
            },
          },
          options,
        ),
      );
      // Every answer names its tables, one without rows too: anything else is none, and not "no such row".
      if (response.Responses === undefined) throw new DependencyError(OPERATION, "unavailable");
      // A throttled BatchGetItem answers 200 with what it left out (docs/aws.md, DynamoDB).
      if (Object.keys(response.UnprocessedKeys ?? {}).length > 0) throw new DependencyError(OPERATION, "throttled");

      const rows = (table: string) => (response.Responses?.[table] ?? []).map((item) => unmarshall(item));
      const secrets = (name: string) => rows(tables.secrets).find((row) => row["account"] === name);
      const domains = rows(tables.core);
      const own = account === domain ? undefined : (secrets(account) as AccountSecrets | undefined);
      const holder = own === undefined ? domain : account;
      const used = domains.some((row) => row["pk"] === domainRow(holder).pk && row["firstLoginAt"] !== undefined);
      return {
        own,
        domain: secrets(domain) as AccountSecrets | undefined,
        active: domains.length > 0 && domains.every((row) => row["state"] === "active"),
        ...(!used && { unused: holder }),
      };
    },
  };
}
