import type { Checks, Sweeps } from "../../../ports/pbx.ts";
import type { Sqs } from "../client/aws-client.ts";
import { call } from "../client/call.ts";

/** The check queue; handlers/housekeeping.ts reads it. */
export function sqsChecks(client: Sqs, QueueUrl: string): Checks & Sweeps & { tidy(after: string): Promise<void> } {
  async function send(body: object, DelaySeconds: number): Promise<void> {
    const message = { QueueUrl, MessageBody: JSON.stringify(body), DelaySeconds };
    await call("sqs.SendMessage", (options) => client.request("SendMessage", message, options));
  }

  return {
    checkLogin: (connectionId, afterSeconds) => send({ kind: "login", connectionId }, afterSeconds),
    flooding: (connectionId) => send({ kind: "flooding", connectionId }, 0),
    firstLogin: (account, secretId) => send({ kind: "first-login", account, secretId }, 0),
    sweep: (domain, afterSeconds) => send({ kind: "sweep", domain }, afterSeconds),
    tidy: (after) => send({ kind: "tidy", after }, 0),
  };
}
