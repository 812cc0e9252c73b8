import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { region } from "./emulator.ts";

/**
 * Pushes are taken by our simulator, topics are the emulator's: what SNS would tell on a topic about a push crosses from
 * the one to the other here.
 */
export function forwardTo() {
  let client: SNSClient | undefined;
  return {
    connect: (endpoint: string): void => {
      client = new SNSClient({ endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
    },
    publish: async (TopicArn: string, Message: string, Subject: string): Promise<void> => {
      await client?.send(new PublishCommand({ TopicArn, Message, Subject }));
    },
  };
}
