import { arn, nameIn } from "../../aws/arn.ts";
import type { Facts } from "../facts.ts";
import { right, textOf, throughKey, type RightsOf, type Table } from "./table.ts";

/**
 * Sources: Service Authorization Reference, "Amazon SQS" (a batch takes the right of
 * the single call, recorded in aws/serverless-application-model#3633); SQS Developer Guide,
 * "Key management": sending to a queue under a customer's key takes GenerateDataKey and Decrypt, receiving Decrypt.
 */
const onQueue =
  (action: string, keyActions: readonly string[] = []): RightsOf =>
  ({ input }, facts) => {
    const queue = queueArn(facts, textOf(input["QueueUrl"]));
    return [right(`sqs:${action}`, queue), ...throughKey(facts, "sqs", facts.keyOf(queue), keyActions)];
  };

const queueArn = (facts: Facts, url: string) => arn(facts, "sqs", nameIn(url));

const send = onQueue("SendMessage", ["GenerateDataKey", "Decrypt"]);
const remove = onQueue("DeleteMessage");
const setVisibility = onQueue("ChangeMessageVisibility");

export const sqs: Table = {
  SendMessage: send,
  SendMessageBatch: send,
  ReceiveMessage: onQueue("ReceiveMessage", ["Decrypt"]),
  DeleteMessage: remove,
  DeleteMessageBatch: remove,
  ChangeMessageVisibility: setVisibility,
  ChangeMessageVisibilityBatch: setVisibility,
  GetQueueAttributes: onQueue("GetQueueAttributes"),
  PurgeQueue: onQueue("PurgeQueue"),
  GetQueueUrl: ({ input }, facts) => [right("sqs:GetQueueUrl", arn(facts, "sqs", textOf(input["QueueName"])))],
};
