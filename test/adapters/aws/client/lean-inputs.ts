import fc from "fast-check";

/** Arbitrary inputs of the operations that push and session call, and answers to them. */
const anyText = fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.toWellFormed());
const name = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 }).filter((text) => text !== "__proto__");

type Value = { readonly [type: string]: unknown };
const number = fc.oneof(fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ S: anyText }),
    fc.record({ N: number }),
    fc.record({ BOOL: fc.boolean() }),
    fc.record({ NULL: fc.constant(true) }),
    fc.record({ SS: fc.array(anyText, { minLength: 1, maxLength: 3 }) }),
    fc.record({ NS: fc.array(number, { minLength: 1, maxLength: 3 }) }),
    fc.record({ L: fc.array(tie("value"), { maxLength: 3 }) }),
    fc.record({ M: fc.dictionary(name, tie("value"), { maxKeys: 3 }) }),
  ),
}));
const item = fc.dictionary(name, value as fc.Arbitrary<never>, { maxKeys: 4 });
const named = fc.record({
  TableName: name,
  Key: item,
  UpdateExpression: anyText,
  ConditionExpression: fc.option(anyText, { nil: undefined }),
  ExpressionAttributeNames: fc.dictionary(name, anyText, { maxKeys: 3 }),
  ExpressionAttributeValues: item,
  ReturnValues: fc.constantFrom("ALL_OLD" as const, "ALL_NEW" as const, undefined),
});

export const dynamoInputs = {
  BatchGetItem: fc.record({
    RequestItems: fc.dictionary(
      name,
      fc.record({ Keys: fc.array(item, { maxLength: 3 }), ConsistentRead: fc.boolean() }),
      { maxKeys: 3 },
    ),
  }),
  DeleteItem: fc.record({ TableName: name, Key: item, ReturnValues: fc.constantFrom("ALL_OLD" as const, undefined) }),
  PutItem: fc.record({ TableName: name, Item: item }),
  UpdateItem: named,
};
export const snsInputs = {
  CreatePlatformEndpoint: fc.record({ PlatformApplicationArn: anyText, Token: anyText }),
  Publish: fc.record({
    TargetArn: anyText,
    Message: anyText,
    MessageStructure: fc.constantFrom("json", undefined),
    MessageAttributes: fc.dictionary(
      name,
      anyText.map((StringValue) => ({ DataType: "String", StringValue })),
      { maxKeys: 6 },
    ),
  }),
  SetEndpointAttributes: fc.record({ EndpointArn: anyText, Attributes: fc.dictionary(name, anyText, { maxKeys: 3 }) }),
};
/** @param origin of the queue's URL */
export const messageTo = (origin: string) =>
  fc.record({
    QueueUrl: name.map((queue) => `${origin}/123456789012/${encodeURIComponent(queue)}`),
    MessageBody: anyText,
    DelaySeconds: fc.integer({ min: 0, max: 900 }),
  });
export const outputs = {
  BatchGetItem: fc.record({
    Responses: fc.dictionary(name, fc.array(item, { maxLength: 2 }), { maxKeys: 2 }),
    UnprocessedKeys: fc.constantFrom({}, { core: { Keys: [{ pk: { S: "a" } }], ConsistentRead: true } }),
  }),
  UpdateItem: fc.oneof(fc.constant({}), fc.record({ Attributes: item })),
};
