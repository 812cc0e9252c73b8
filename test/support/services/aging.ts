import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { LocalHost } from "../../../local/host.ts";
import { dynamoOf } from "../../../tools/shared/host.ts";

/** Ages one row of the core table: sets the attributes in `changes`. */
export async function age(
  host: Pick<LocalHost, "awsUrl" | "outputs">,
  key: { readonly pk: string; readonly sk: string },
  changes: Readonly<Record<string, number>>,
): Promise<void> {
  const client = dynamoOf(host);
  const [name, at] = Object.entries(changes)[0] ?? [];
  await client.send(
    new UpdateItemCommand({
      TableName: String(host.outputs.get("push-local-data.CoreTable")),
      Key: marshall(key),
      UpdateExpression: "SET #name = :at",
      ExpressionAttributeNames: { "#name": name ?? "" },
      ExpressionAttributeValues: marshall({ ":at": at }),
    }),
  );
  client.destroy();
}
