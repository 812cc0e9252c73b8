import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { region } from "./emulator.ts";

/**
 * Our simulator accepts pushes, and the emulator has the topics: this passes what SNS would report on a topic about a push
 * from the one to the other.
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
