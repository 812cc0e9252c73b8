import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LocalHost } from "../../local/host.ts";
import type { LambdaFunction } from "../../local/lambda/pool.ts";
import { functionName } from "../../local/product.ts";

/** A client of the tables of a running host. */
export const dynamoOf = ({ awsUrl }: Pick<LocalHost, "awsUrl">): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

/** A function of a running host by its short name, such as `session`. Throws an Error where there is none. */
export function functionOf({ functions }: Pick<LocalHost, "functions">, name: string): LambdaFunction {
  const found = functions.find(({ definition }) => functionName(definition.name) === name);
  if (found === undefined) throw new Error(`the templates have no function ${name}`);
  return found;
}
