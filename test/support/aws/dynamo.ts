import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import type { Dynamo, FullDynamo } from "../../../lambdas/adapters/aws/client/aws-client.ts";
import { leanDynamo } from "../../../lambdas/adapters/aws/client/lean-client.ts";
import { overDynamo } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import { startEngine } from "../../../local/dynamodb/engine.ts";

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" as const });
const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" as const });
const all = { ProjectionType: "ALL" as const };

/** The three tables of docs/architecture.md. */
const TABLES: readonly CreateTableCommandInput[] = [
  { TableName: "secrets", AttributeDefinitions: [attribute("account")], KeySchema: [hash("account")] },
  {
    TableName: "core",
    AttributeDefinitions: ["pk", "sk", "kind", "endpointArn"].map(attribute),
    KeySchema: [hash("pk"), range("sk")],
    GlobalSecondaryIndexes: [
      { IndexName: "byKind", KeySchema: [hash("kind"), range("pk")], Projection: all },
      { IndexName: "byEndpoint", KeySchema: [hash("endpointArn")], Projection: { ProjectionType: "KEYS_ONLY" } },
    ],
  },
  {
    TableName: "sessions",
    AttributeDefinitions: ["pk", "domain"].map(attribute),
    KeySchema: [hash("pk")],
    GlobalSecondaryIndexes: [{ IndexName: "byDomain", KeySchema: [hash("domain"), range("pk")], Projection: all }],
  },
];

export interface TestDynamo {
  readonly client: DynamoDBClient;
  /** For adapters of the call path: the SDK's client, and the one of push and session. */
  readonly clients: { readonly sdk: FullDynamo; readonly lean: Dynamo };
  readonly tables: { readonly secrets: "secrets"; readonly core: "core"; readonly sessions: "sessions" };
  stop(): Promise<void>;
}

/** An embedded engine, or the one at DYNAMODB_ENDPOINT, with the tables; one test file at a time. */
export async function startDynamo(): Promise<TestDynamo> {
  const engine = await startEngine(process.env["DYNAMODB_ENDPOINT"]);
  const client = new DynamoDBClient({
    endpoint: engine.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  for (const table of TABLES) await client.send(new CreateTableCommand({ ...table, BillingMode: "PAY_PER_REQUEST" }));
  return {
    client,
    clients: {
      sdk: overDynamo(client),
      lean: leanDynamo({
        AWS_REGION: "eu-central-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL: engine.url,
      }),
    },
    tables: { secrets: "secrets", core: "core", sessions: "sessions" },
    stop: async () => {
      // An external engine keeps running, and the next test file creates the tables again.
      for (const { TableName } of TABLES) await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
      await engine.stop();
    },
  };
}
