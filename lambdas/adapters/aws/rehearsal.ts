import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { FinalizeHandler, HttpRequest, RequestHandler } from "@smithy/types";
import { HttpRequest as Visit, type HttpResponse } from "@smithy/core/protocols";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/** No init waits longer for a connection, in ms. */
const CONNECT_LIMIT = 500;
/** Where a command's middleware sees the finished request. */
const LAST = { step: "finalizeRequest", priority: "low" } as const;

/**
 * Spends in init, where Lambda gives a whole core, what the first calls of a sandbox cost: credentials, endpoint,
 * serialising, signing, compiling all that, and the connections. No operation is called: each request is made and signed
 * but never sent, and its host is asked for `/` to open a connection. Never rejects.
 */
export async function rehearsePush(dynamo: DynamoDBClient, sns: SNSClient): Promise<void> {
  const options = { abortSignal: AbortSignal.abort() };
  const read = new BatchGetItemCommand({ RequestItems: { table: { Keys: [{ pk: { S: "key" } }], ConsistentRead: true } } });
  const attributes = { name: { DataType: "String", StringValue: "value" } };
  const publish = new PublishCommand({ TargetArn: "arn", MessageStructure: "json", Message: "{}", MessageAttributes: attributes });
  await Promise.allSettled([
    rehearse(dynamo.config.requestHandler, (onRequest) => {
      read.middlewareStack.add(watching(onRequest), LAST);
      return dynamo.send(read, options);
    }),
    rehearse(sns.config.requestHandler, (onRequest) => {
      publish.middlewareStack.add(watching(onRequest), LAST);
      return sns.send(publish, options);
    }),
  ]);
}

type OnRequest = (request: HttpRequest) => void;

const watching =
  (onRequest: OnRequest) =>
  <Input extends object, Output extends object>(next: FinalizeHandler<Input, Output>): FinalizeHandler<Input, Output> =>
  (args) => {
    onRequest(args.request as HttpRequest);
    return next(args);
  };

type Handler = RequestHandler<Visit, HttpResponse, { readonly abortSignal?: AbortSignal }>;

async function rehearse(handler: Handler, send: (onRequest: OnRequest) => Promise<unknown>): Promise<void> {
  let made: HttpRequest | undefined;
  await send((request) => (made = request)).catch(() => undefined); // aborted, as it should be
  if (made === undefined) return;
  const { protocol, hostname, port } = made;
  const visit = new Visit({ protocol, hostname, ...(port !== undefined && { port }), headers: { host: hostname } });
  const signal = AbortSignal.timeout(CONNECT_LIMIT);
  const { response } = await handler.handle(visit, { abortSignal: signal });
  // Read to its end, the answer leaves its connection to the next request.
  if (response.body instanceof Readable) await finished(response.body.resume(), { signal });
}
