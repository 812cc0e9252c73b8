import type { CallOptions, DynamoOperations, SnsOperations, SqsOperations } from "./aws-client.ts";
import type { LeanClient } from "./lean-client.ts";

/** How long init waits for a connection, in ms. */
const CONNECT_LIMIT_MS = 500;

/** Like a post: reads its context and publishes. */
export const warmUpPush = (dynamo: LeanClient<DynamoOperations>, sns: LeanClient<SnsOperations>): Promise<void> =>
  warmUp(
    (options) =>
      dynamo.warmUp(
        "BatchGetItem",
        { RequestItems: { table: { Keys: [{ pk: { S: "key" } }], ConsistentRead: true } } },
        options,
      ),
    (options) => {
      const attributes = { name: { DataType: "String", StringValue: "value" } };
      return sns.warmUp(
        "Publish",
        { TargetArn: "arn", MessageStructure: "json", Message: "{}", MessageAttributes: attributes },
        options,
      );
    },
  );

/** Like a login: changes its connection's row and orders a check. */
export const warmUpSession = (
  dynamo: LeanClient<DynamoOperations>,
  sqs: LeanClient<SqsOperations>,
  QueueUrl: string,
): Promise<void> =>
  warmUp(
    (options) => dynamo.warmUp("UpdateItem", { TableName: "table", Key: { pk: { S: "key" } } }, options),
    (options) => sqs.warmUp("SendMessage", { QueueUrl, MessageBody: "{}" }, options),
  );

/**
 * Does at init, where Lambda gives a whole core, what would slow the first calls of an execution environment:
 * credentials, signing, compiling all that, and the connections. No operation is called: each request is made and
 * signed but never sent, and `/` is requested from its host to open a connection. Never rejects.
 */
async function warmUp(...steps: readonly ((options: CallOptions) => Promise<void>)[]): Promise<void> {
  const options = { abortSignal: AbortSignal.timeout(CONNECT_LIMIT_MS) };
  await Promise.allSettled(steps.map((step) => step(options)));
}
