import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";
import type { Sqs } from "./service.ts";

const schema = v.object({
  QueueName: v.optional(v.string()),
  FifoQueue: v.optional(v.literal(false, "FIFO queues do not run here")),
  VisibilityTimeout: v.optional(v.number(), 30),
  DelaySeconds: v.optional(v.number(), 0),
  RedrivePolicy: v.optional(v.object({ deadLetterTargetArn: v.string(), maxReceiveCount: v.number() })),
});

/** @param endpoint base of the queues' URLs */
export const sqsResources = (sqs: Sqs, endpoint: string): Readonly<Record<string, Provider>> => ({
  "AWS::SQS::Queue"(request) {
    const { QueueName, VisibilityTimeout, DelaySeconds, RedrivePolicy } = read(schema, request);
    const name = QueueName ?? request.generatedName;
    const queueArn = arn(request.stack, "sqs", name);
    sqs.add({
      name,
      arn: queueArn,
      visibilityTimeoutMs: VisibilityTimeout * 1000,
      delayMs: DelaySeconds * 1000,
      ...(RedrivePolicy !== undefined && {
        redrive: { targetArn: RedrivePolicy.deadLetterTargetArn, maxReceiveCount: RedrivePolicy.maxReceiveCount },
      }),
    });
    const url = `${endpoint}/${request.stack.accountId}/${name}`;
    return { ref: url, attributes: { Arn: queueArn, QueueName: name, QueueUrl: url } };
  },
});
