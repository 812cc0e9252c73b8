import { describe, expect, it } from "vitest";
import { createTableRights } from "../../local/dynamodb/rights.ts";
import type { Json } from "../../local/cloudformation/template.ts";

const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/core";
const stack = { name: "push-local-service", region: "eu-central-1", accountId: "000000000000", assets: new Map<string, string>() };

/** Whether a role with these statements gets through to the engine. */
async function allowed(statements: Json, operation: string, body: object, caller = "SessionRole"): Promise<boolean> {
  const rights = createTableRights();
  const properties = { Roles: ["SessionRole"], PolicyDocument: { Statement: statements } };
  const request = { type: "AWS::IAM::Policy", logicalId: "Policy", properties, stack: stack as never, generatedName: "policy" };
  await rights.resources["AWS::IAM::Policy"]?.(request);
  const guarded = rights.guard(() => ({ status: 200, headers: {}, body: "" }));
  const authorization = `AWS4-HMAC-SHA256 Credential=${caller}/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;
  const call = { service: "dynamodb", operation, protocol: "json", headers: { authorization }, body: Buffer.from(JSON.stringify(body)) } as const;
  try {
    await guarded(call);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "AccessDeniedException", message: expect.stringMatching(/^SessionRole is not authorized to perform dynamodb:/u) as string });
    return false;
  }
}

const may = (Action: Json, Resource: Json = table): Json => [{ Effect: "Allow", Action, Resource }];
const inTransaction = (member: string) => ({ TransactItems: [{ [member]: { TableName: "core" } }] });

describe("rights to tables on the local host", () => {
  it.each<[string, Json, string, object, boolean]>([
    ["an item", may("dynamodb:GetItem"), "GetItem", { TableName: "core" }, true],
    ["an item, by another right", may(["dynamodb:PutItem"]), "GetItem", { TableName: "core" }, false],
    ["an item of another table", may("dynamodb:GetItem"), "GetItem", { TableName: "secrets" }, false],
    ["an index", may("dynamodb:Query", [table, `${table}/index/byKind`]), "Query", { TableName: "core", IndexName: "byKind" }, true],
    ["an index, by the table's right", may("dynamodb:Query"), "Query", { TableName: "core", IndexName: "byKind" }, false],
    ["the table, by an index's right", may("dynamodb:Query", `${table}/index/byKind`), "Query", { TableName: "core" }, false],
    ["a batch", may("dynamodb:BatchGetItem"), "BatchGetItem", { RequestItems: { core: {} } }, true],
    ["a batch that touches another table", may("dynamodb:BatchGetItem"), "BatchGetItem", { RequestItems: { core: {}, secrets: {} } }, false],
    ["a transaction", may("dynamodb:ConditionCheckItem"), "TransactWriteItems", inTransaction("ConditionCheck"), true],
    ["a transaction, by another right", may("dynamodb:UpdateItem"), "TransactWriteItems", inTransaction("Delete"), false],
    ["anything, by rights to other services", may("logs:PutLogEvents", "*"), "Scan", { TableName: "core" }, false],
  ])("%s", async (_, statements, operation, body, through) => {
    expect(await allowed(statements, operation, body)).toBe(through);
  });

  it("judge no caller that is no role of the template", async () => {
    expect(await allowed(may("dynamodb:GetItem"), "Scan", { TableName: "core" }, "test")).toBe(true);
  });
});
