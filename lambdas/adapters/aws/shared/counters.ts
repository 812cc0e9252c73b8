import { createHash } from "node:crypto";
import type { Allowance } from "../../../core/shared/limits.ts";
import type { Counters } from "../../../ports/counters.ts";
import { DependencyError } from "../../../ports/errors.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { dynamoTable, transact, type Update, updateIn } from "./dynamo-table.ts";

/** Attempts at a count, as another one at the same time may conflict with it. */
const ATTEMPTS = 5;

function keyOf({ name, subject, window }: Allowance, now: number) {
  const hash = createHash("sha256").update(subject).digest("hex").slice(0, 32);
  return { pk: `LIMIT#${name}#${hash}#${Math.floor(now / window)}` };
}

const countOne = ({ most, window }: Allowance, now: number): Update => ({
  change: "ADD used :one SET #ttl = :ttl",
  when: "attribute_not_exists(used) OR used < :most",
  values: { one: 1, most, ttl: Math.ceil(((Math.floor(now / window) + 2) * window) / 1000) },
});

/** Counts in the sessions table (docs/architecture.md, Tables): all of a call's at once, or none. */
export function dynamoCounters(client: FullDynamo, table: string): Counters {
  const sessions = dynamoTable(client, table);
  return {
    async take(allowances, now) {
      const [first, ...others] = allowances;
      if (first === undefined) return { exceeded: undefined };
      if (others.length === 0) {
        const counted = await sessions.update(keyOf(first, now), countOne(first, now));
        return { exceeded: counted === undefined ? first : undefined };
      }
      const counts = allowances.map((allowance) => updateIn(table, keyOf(allowance, now), countOne(allowance, now)));
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const refused = await transact(client, counts);
        if (refused === undefined) return { exceeded: undefined };
        if (refused >= 0) return { exceeded: allowances[refused] };
      }
      throw new DependencyError("dynamodb.TransactWriteItems", "conflict", "TransactionConflict");
    },
  };
}
