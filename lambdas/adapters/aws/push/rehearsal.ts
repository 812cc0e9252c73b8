import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { HttpRequest } from "@smithy/core/protocols";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Command, Direct, SdkClient } from "../shared/direct.ts";

/** No init waits longer for a connection, in ms. */
const CONNECT_LIMIT = 500;

/**
 * Spends in init, where Lambda gives a whole core, what the first calls of a sandbox cost: credentials, endpoint,
 * serialising, signing, compiling all that, and the connections. No operation is called: each request is made and signed
 * but never sent, and its host is asked for `/` to open a connection. Never rejects.
 */
export async function rehearsePush(dynamo: Direct<DynamoDBClient>, sns: Direct<SNSClient>): Promise<void> {
  const read = new BatchGetItemCommand({ RequestItems: { table: { Keys: [{ pk: { S: "key" } }], ConsistentRead: true } } });
  const attributes = { name: { DataType: "String", StringValue: "value" } };
  const publish = new PublishCommand({ TargetArn: "arn", MessageStructure: "json", Message: "{}", MessageAttributes: attributes });
  await Promise.allSettled([rehearse(dynamo, read), rehearse(sns, publish)]);
}

async function rehearse<Client extends SdkClient>({ request, requestHandler }: Direct<Client>, command: Command): Promise<void> {
  const { protocol, hostname, port } = await request(command);
  const visit = new HttpRequest({ protocol, hostname, ...(port !== undefined && { port }), headers: { host: hostname } });
  const signal = AbortSignal.timeout(CONNECT_LIMIT);
  const { response } = await requestHandler.handle(visit, { abortSignal: signal });
  // Read to its end, the answer leaves its connection to the next request.
  if (response.body instanceof Readable) await finished(response.body.resume(), { signal });
}
