import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MailQueue } from "../../../ports/mail.ts";
import type { NoticeQueue } from "../../../ports/domains.ts";
import { call } from "../client/call.ts";

/** The mail queue; handlers/mail.ts reads it. */
export function sqsMailQueue(client: SQSClient, QueueUrl: string): MailQueue & NoticeQueue {
  async function send(body: object, DelaySeconds: number): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds });
    await call("sqs.SendMessage", (options) => client.send(command, options));
  }

  return {
    registration: (id) => send({ kind: "registration", id }, 0),
    notice: (id, afterSeconds) => send({ kind: "notice", id }, afterSeconds),
  };
}
