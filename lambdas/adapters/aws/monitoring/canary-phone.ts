import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { CanaryPhone } from "../../../ports/monitoring.ts";
import { call } from "../client/call.ts";

/** The queue behind the canary's topic. Deletes what it reads; what it cannot delete comes again and matches no run. */
export function sqsCanaryPhone(client: SQSClient, QueueUrl: string): CanaryPhone {
  return {
    async messages() {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      const { Messages = [] } = await call("sqs.ReceiveMessage", (options) => client.send(receive, options));
      if (Messages.length > 0) {
        const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        const remove = new DeleteMessageBatchCommand({ QueueUrl, Entries });
        await call("sqs.DeleteMessageBatch", (options) => client.send(remove, options));
      }
      return Messages.map(({ Body }) => Body ?? "");
    },
  };
}
