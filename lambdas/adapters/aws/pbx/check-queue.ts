import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Checks, Sweeps } from "../../../ports/pbx.ts";
import { call } from "../shared/call.ts";

/** The check queue; handlers/housekeeping.ts reads it. */
export function sqsChecks(client: SQSClient, QueueUrl: string): Checks & Sweeps & { tidy(after: string): Promise<void> } {
  async function send(body: object, DelaySeconds: number): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds });
    await call("sqs.SendMessage", (options) => client.send(command, options));
  }

  return {
    checkLogin: (connectionId, afterSeconds) => send({ kind: "login", connectionId }, afterSeconds),
    firstLogin: (account) => send({ kind: "first-login", account }, 0),
    sweep: (domain, afterSeconds) => send({ kind: "sweep", domain }, afterSeconds),
    tidy: (after) => send({ kind: "tidy", after }, 0),
  };
}
