import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";
import type { DynamoDb } from "./service.ts";
import type { ExpiringTable } from "./ttl.ts";

const keySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(["HASH", "RANGE"]) }));
const index = v.object({
  IndexName: v.string(),
  KeySchema: keySchema,
  Projection: v.object({
    ProjectionType: v.optional(v.string()),
    NonKeyAttributes: v.exactOptional(v.array(v.string())),
  }),
});
const schema = v.object({
  TableName: v.optional(v.string()),
  KeySchema: keySchema,
  AttributeDefinitions: v.array(v.object({ AttributeName: v.string(), AttributeType: v.string() })),
  GlobalSecondaryIndexes: v.exactOptional(v.array(index)),
  LocalSecondaryIndexes: v.exactOptional(v.array(index)),
  TimeToLiveSpecification: v.optional(v.object({ AttributeName: v.optional(v.string()), Enabled: v.boolean() })),
});

/** @param onExpiring called for each table whose items expire */
export function dynamoDbResources(
  db: Pick<DynamoDb, "call">,
  onExpiring: (table: ExpiringTable) => void,
): Readonly<Record<string, Provider>> {
  const table: Provider = async (request) => {
    const { TableName, TimeToLiveSpecification: ttl, ...definition } = read(schema, request);
    const name = TableName ?? request.generatedName;
    await db.call("CreateTable", { ...definition, TableName: name, BillingMode: "PAY_PER_REQUEST" });
    if (ttl?.Enabled && ttl.AttributeName !== undefined)
      onExpiring({ name, keys: definition.KeySchema.map((key) => key.AttributeName), ttlAttribute: ttl.AttributeName });
    const tableArn = arn(request.stack, "dynamodb", `table/${name}`);
    return {
      ref: name,
      attributes: { Arn: tableArn, TableId: request.logicalId, StreamArn: `${tableArn}/stream/none` },
    };
  };
  return { "AWS::DynamoDB::GlobalTable": table, "AWS::DynamoDB::Table": table };
}
