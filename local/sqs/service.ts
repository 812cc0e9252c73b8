import * as v from "valibot";
import { check } from "../aws/check.ts";
import { AwsError, jsonBody, jsonResponse, type AwsService } from "../aws/protocols.ts";
import { createQueue, md5, type Queue, type QueueDefinition, type Received } from "./queue.ts";

/** SQS's JSON protocol over the queues of one host. */
export interface Sqs {
  readonly service: AwsService;
  add(definition: QueueDefinition): Queue;
  /** By ARN. */
  queue(arn: string): Queue | undefined;
  list(): readonly Queue[];
}

const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(43_200));
const attributes = v.optional(
  v.record(
    v.string(),
    v.object({
      DataType: v.string(),
      StringValue: v.exactOptional(v.string()),
      BinaryValue: v.exactOptional(v.string()),
    }),
  ),
);
const sending = {
  MessageBody: v.pipe(v.string(), v.minLength(1)),
  DelaySeconds: v.optional(seconds),
  MessageAttributes: attributes,
};
const batch = <S extends v.ObjectEntries>(entry: S) =>
  v.object({ Entries: v.pipe(v.array(v.object({ Id: v.string(), ...entry })), v.minLength(1), v.maxLength(10)) });
const handle = { ReceiptHandle: v.string() };

export function createSqs(): Sqs {
  const queues = new Map<string, Queue>();

  const send = (
    queue: Queue,
    { MessageBody, DelaySeconds, MessageAttributes = {} }: v.InferOutput<v.ObjectSchema<typeof sending, undefined>>,
  ) => {
    const delay = DelaySeconds === undefined ? {} : { delayMs: DelaySeconds * 1000 };
    const { id } = queue.send(MessageBody, { attributes: MessageAttributes, ...delay });
    return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
  };
  const remove = (queue: Queue, receiptHandle: string) => {
    queue.remove(receiptHandle); // SQS accepts a handle whose message is gone
  };
  const setVisibility = (queue: Queue, receiptHandle: string, timeout: number) => {
    if (!queue.setVisibility(receiptHandle, timeout * 1000))
      throw new AwsError("MessageNotInflight", "the receipt handle belongs to no message in flight");
  };

  const operations: Readonly<Record<string, (queue: Queue, input: unknown) => unknown>> = {
    SendMessage: (queue, input) => send(queue, check(v.object(sending), input)),
    SendMessageBatch: (queue, input) => ({
      Successful: check(batch(sending), input).Entries.map((entry) => ({ Id: entry.Id, ...send(queue, entry) })),
    }),
    async ReceiveMessage(queue, input) {
      const {
        MaxNumberOfMessages: max,
        VisibilityTimeout: visibility,
        WaitTimeSeconds: wait,
      } = check(receiving, input);
      const received = await queue.poll(max, {
        waitMs: wait * 1000,
        ...(visibility !== undefined && { visibilityMs: visibility * 1000 }),
      });
      return received.length === 0 ? {} : { Messages: received.map(asMessage) };
    },
    DeleteMessage: (queue, input) => remove(queue, check(v.object(handle), input).ReceiptHandle),
    DeleteMessageBatch: (queue, input) => ({
      Successful: check(batch(handle), input).Entries.map(({ Id, ReceiptHandle }) => {
        remove(queue, ReceiptHandle);
        return { Id };
      }),
    }),
    ChangeMessageVisibility(queue, input) {
      const { ReceiptHandle, VisibilityTimeout } = check(v.object({ ...handle, VisibilityTimeout: seconds }), input);
      setVisibility(queue, ReceiptHandle, VisibilityTimeout);
    },
    PurgeQueue: (queue) => queue.purge(),
    GetQueueAttributes(queue) {
      const { visible, inFlight, delayed } = queue.counts();
      return {
        Attributes: {
          QueueArn: queue.definition.arn,
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
          ApproximateNumberOfMessagesDelayed: String(delayed),
          VisibilityTimeout: String(queue.definition.visibilityTimeoutMs / 1000),
          DelaySeconds: String(queue.definition.delayMs / 1000),
        },
      };
    },
  };

  const named = (name: string): Queue => {
    const queue = [...queues.values()].find(({ definition }) => definition.name === name);
    if (queue !== undefined) return queue;
    throw new AwsError("QueueDoesNotExist", `The specified queue does not exist: ${name}`);
  };

  return {
    async service(request) {
      const input = jsonBody(request);
      if (request.operation === "GetQueueUrl") {
        const { QueueName } = check(v.object({ QueueName: v.string() }), input);
        const queue = named(QueueName);
        return jsonResponse({
          QueueUrl: `http://${request.headers["host"]}/${queue.definition.arn.split(":")[4]}/${QueueName}`,
        });
      }
      const operation = operations[request.operation];
      if (operation === undefined)
        throw new AwsError("UnknownOperationException", `SQS ${request.operation} is not simulated`);
      const { QueueUrl } = check(v.object({ QueueUrl: v.string() }), input);
      const result = await operation(named(QueueUrl.split("/").at(-1) ?? ""), input);
      return jsonResponse(result ?? {});
    },
    add(definition) {
      const queue = createQueue(definition, (arn) => queues.get(arn));
      queues.set(definition.arn, queue);
      return queue;
    },
    queue: (arn) => queues.get(arn),
    list: () => [...queues.values()],
  };
}

const receiving = v.object({
  MaxNumberOfMessages: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 1),
  VisibilityTimeout: v.optional(seconds),
  WaitTimeSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)), 0),
});

const asMessage = (message: Received) => ({
  MessageId: message.id,
  ReceiptHandle: message.receiptHandle,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: systemAttributes(message),
  ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
});

/** Attributes that SQS itself adds; times in Unix ms, as text. */
export const systemAttributes = ({ receiveCount, sentAt, firstReceivedAt }: Received) => ({
  ApproximateReceiveCount: String(receiveCount),
  SentTimestamp: String(sentAt),
  ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
  SenderId: "AROALOCALHOST:local",
});
