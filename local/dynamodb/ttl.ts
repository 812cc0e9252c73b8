import type { DynamoDb } from "./service.ts";

/** A table whose items expire at the Unix seconds in one of their attributes. */
export interface ExpiringTable {
  readonly name: string;
  readonly keys: readonly string[];
  readonly ttlAttribute: string;
}

type Item = Readonly<Record<string, unknown>>;

/** Deletes expired items, which the engine does not do itself; AWS does within days. Returns their number. */
async function sweep(db: DynamoDb, { name, keys, ttlAttribute }: ExpiringTable, now: number): Promise<number> {
  const names = Object.fromEntries([...keys, ttlAttribute].map((attribute, index) => [`#a${index}`, attribute]));
  const projection = keys.map((_, index) => `#a${index}`).join(", ");
  const expiry = { ":now": { N: String(Math.floor(now / 1000)) } };
  let deleted = 0;
  let start: unknown;
  do {
    const page = await db.call("Scan", {
      TableName: name,
      FilterExpression: `#a${keys.length} < :now`,
      ProjectionExpression: projection,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: expiry,
      ...(start !== undefined && { ExclusiveStartKey: start }),
    });
    for (const Key of page["Items"] as readonly Item[]) {
      if (await remove(db, { name, ttlAttribute }, Key, expiry)) deleted += 1;
    }
    start = page["LastEvaluatedKey"];
  } while (start !== undefined);
  return deleted;
}

/** False if the item was given a longer life since it was found. */
async function remove(db: DynamoDb, table: Pick<ExpiringTable, "name" | "ttlAttribute">, Key: Item, expiry: Item) {
  try {
    await db.call("DeleteItem", {
      TableName: table.name,
      Key,
      ConditionExpression: "#ttl < :now",
      ExpressionAttributeNames: { "#ttl": table.ttlAttribute },
      ExpressionAttributeValues: expiry,
    });
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("ConditionalCheckFailedException")) return false;
    throw error;
  }
}

/** Sweeps all tables repeatedly. The next sweep makes up for a failed one. Returns a function that stops it. */
export function startSweeping(db: DynamoDb, tables: readonly ExpiringTable[], intervalMs: number): () => void {
  const run = async () => {
    for (const table of tables) await sweep(db, table, Date.now()).catch(() => 0);
  };
  const timer = setInterval(() => void run(), intervalMs);
  return () => clearInterval(timer);
}
