import { DEVICE_LIFE_MS } from "../../../core/push/device.ts";
import { hourOf } from "../../../core/push/new-tokens.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { NewTokens } from "../../../ports/push.ts";
import type { Dynamo } from "../client/aws-client.ts";
import { newTokensRow, toSeconds } from "../shared/dynamo-keys.ts";
import { tableWriter } from "../shared/dynamo-table.ts";

/** A row for each domain in the core table: one UpdateItem for a token, two for the first one in an hour. */
export function dynamoNewTokens(client: Dynamo, table: string): NewTokens {
  const core = tableWriter(client, table);

  return {
    async add(domain, at, limitMs) {
      const key = newTokensRow(domain);
      const values = { one: 1, hour: hourOf(at), ttl: toSeconds(at + DEVICE_LIFE_MS) };
      const another = () =>
        core.update(
          key,
          { change: "SET #ttl = :ttl ADD known :one, inHour :one", when: "#hour >= :hour", values },
          "ALL_NEW",
          limitMs,
        );
      const first = () =>
        core.update(
          key,
          {
            change:
              "SET #hour = :hour, inHour = :one, firstAt = if_not_exists(firstAt, :at), #ttl = :ttl ADD known :one",
            when: "attribute_not_exists(#hour) OR #hour < :hour",
            values: { ...values, at },
          },
          "ALL_NEW",
          limitMs,
        );
      // The second "another": a request that lost the race to be the first of the hour.
      const row = (await another()) ?? (await first()) ?? (await another());
      if (row === undefined) throw new DependencyError("dynamodb.UpdateItem", "conflict");
      const [firstAt, known, hour, inHour] = [row["firstAt"], row["known"], row["hour"], row["inHour"]].map(Number);
      return { firstAt: firstAt ?? at, known: known ?? 1, hour: hour ?? values.hour, inHour: inHour ?? 1 };
    },
  };
}
