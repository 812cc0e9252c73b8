import { paginateScan, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { LocalHost } from "../../local/host.ts";
import { dynamoOf } from "../shared/host.ts";

const HOURS = 2 * 3_600_000;

/** Numbers in a row above this are times in Unix ms. */
const TIMES = 1e12;

/** Makes all phones two hours older, as a new token does not yet count as good. */
export async function makePhonesOlder(host: LocalHost): Promise<void> {
  const [table = ""] = host.functions.flatMap(({ definition }) => definition.environment()["CORE_TABLE"] ?? []);
  const client = dynamoOf(host);
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
      for (const row of Items)
        if (row["sk"]?.S === "DEVICE") await client.send(new PutItemCommand({ TableName: table, Item: older(row) }));
  } finally {
    client.destroy();
  }
}

const older = (row: Record<string, AttributeValue>): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      Number(value.N) > TIMES ? { N: String(Number(value.N) - HOURS) } : value,
    ]),
  );
