import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Allowance } from "../../../core/shared/allowance.ts";
import type { Counters, Taken } from "../../../ports/counters.ts";
import { call } from "./call.ts";

/** Times that a count is tried again because another count of the same kind was faster. */
const ATTEMPTS = 5;

/** Counts in the sessions table (docs/architecture.md, Tables): all of a call's at once, or none. */
export function dynamoCounters(client: DynamoDBClient, TableName: string): Counters {
  const toUpdate = (now: number, { name, subject, most, window }: Allowance) => {
    const number = Math.floor(now / window);
    const hash = createHash("sha256").update(subject).digest("hex").slice(0, 32);
    return {
      TableName,
      Key: marshall({ pk: `LIMIT#${name}#${hash}#${number}` }),
      UpdateExpression: "ADD used :one SET #ttl = :ttl",
      ConditionExpression: "attribute_not_exists(used) OR used < :most",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: marshall({
        ":one": 1,
        ":most": most,
        ":ttl": Math.ceil(((number + 2) * window) / 1000),
      }),
    };
  };

  async function takeOne(allowance: Allowance, now: number): Promise<Taken> {
    return call("dynamodb.UpdateItem", async (options) => {
      try {
        await client.send(new UpdateItemCommand(toUpdate(now, allowance)), options);
        return { exceeded: undefined };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { exceeded: allowance.name };
        throw error;
      }
    });
  }

  async function takeAll(allowances: readonly Allowance[], now: number): Promise<Taken> {
    const TransactItems = allowances.map((allowance) => ({ Update: toUpdate(now, allowance) }));
    return call("dynamodb.TransactWriteItems", async (options) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(new TransactWriteItemsCommand({ TransactItems }), options);
          return { exceeded: undefined };
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
          const index = reasons.indexOf("ConditionalCheckFailed");
          if (index >= 0) return { exceeded: allowances[index]?.name };
          if (!reasons.includes("TransactionConflict") || attempt === ATTEMPTS) throw error;
        }
      }
    });
  }

  return {
    async take(allowances, now) {
      const [first, ...others] = allowances;
      if (first === undefined) return { exceeded: undefined };
      return others.length === 0 ? takeOne(first, now) : takeAll(allowances, now);
    },
  };
}
