import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  type MessageAttributeValue,
  PublishCommand,
  SetEndpointAttributesCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import type { Sns } from "../../../lambdas/adapters/aws/client/aws-client.ts";
import { leanSns } from "../../../lambdas/adapters/aws/client/lean-client.ts";
import { overSns } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import type { Listening } from "../../../local/aws/listen.ts";
import { serveSns } from "../../support/aws/serve-sns.ts";
import type { SnsPlatform } from "../../../local/sns/types.ts";
import { createSnsSimulator, type SnsSimulator, type SnsSimulatorOptions } from "../../../local/sns/simulator.ts";

export const region = "eu-central-1";
export const account = "111111111111";
export const bundle = "com.example.phone";
export const iosToken = "ab".repeat(32);
export const androidToken = "fcmInstance01:APA91bExampleRegistrationToken";

export const queueArn = `arn:aws:sqs:${region}:${account}:sns-events`;
const eventAttributes = [
  "EventDeliveryFailure",
  "EventEndpointCreated",
  "EventEndpointUpdated",
  "EventEndpointDeleted",
];

/** What our service sends for a call to an iPhone. */
export const voipHeaders = {
  "AWS.SNS.MOBILE.APNS.PUSH_TYPE": "voip",
  "AWS.SNS.MOBILE.APNS.PRIORITY": "10",
  "AWS.SNS.MOBILE.APNS.TOPIC": `${bundle}.voip`,
  "AWS.SNS.MOBILE.APNS_VOIP.TTL": "8",
};
export const fcm = (message: unknown): string => JSON.stringify({ fcmV1Message: { message } });

export interface Stage {
  readonly simulator: SnsSimulator;
  readonly sns: SNSClient;
  /** For our dispatcher: the SDK's client, and the one that the push function has. */
  readonly clients: { readonly sdk: Sns; readonly lean: Sns };
  readonly server: Listening;
  /** Messages that reached queues, oldest first. */
  readonly queued: readonly { readonly queueArn: string; readonly body: string; readonly attributes: unknown }[];
  /** Creates an application with a bundle whose failures go to a queue through a topic; returns its ARN. */
  application(platform: SnsPlatform, name?: string): string;
  endpoint(applicationArn: string, token: string): Promise<string>;
  enable(endpointArn: string): Promise<unknown>;
  disable(endpointArn: string): Promise<unknown>;
  remove(endpointArn: string): Promise<unknown>;
  /** Publishes a message of the platform in the form our service uses. */
  publish(endpointArn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** FailureTypes of the events so far. */
  failures(): readonly string[];
  close(): Promise<void>;
}

/** A simulator behind HTTP, and the AWS SDK in front of it (no retries: one call, one answer). */
export async function stage(options: Partial<SnsSimulatorOptions> = {}): Promise<Stage> {
  const queued: { queueArn: string; body: string; attributes: unknown }[] = [];
  const simulator = createSnsSimulator({
    region,
    account,
    settings: { dwell: { minMs: 0, maxMs: 1 } },
    deliverToQueue: (queue, body, attributes) => void queued.push({ queueArn: queue, body, attributes }),
    ...options,
  });
  const server = await serveSns(simulator);
  const sns = new SNSClient({
    region,
    endpoint: server.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  return {
    simulator,
    sns,
    clients: {
      sdk: overSns(sns),
      lean: leanSns({
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL: server.url,
      }),
    },
    server,
    queued,
    application: (platform, name = platform.toLowerCase()) => {
      const topicArn = simulator.control.addTopic("sns-events");
      simulator.control.subscribe({ topicArn, protocol: "sqs", endpoint: queueArn });
      const attributes = Object.fromEntries(eventAttributes.map((attribute) => [attribute, topicArn]));
      return simulator.control.addApplication({
        name,
        platform,
        attributes,
        ...(platform === "GCM" ? {} : { bundle }),
      });
    },
    endpoint: async (PlatformApplicationArn, Token) =>
      (await sns.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token }))).EndpointArn ?? "",
    enable: (EndpointArn) =>
      sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: "true" } })),
    disable: (EndpointArn) =>
      sns.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: "false" } })),
    remove: (EndpointArn) => sns.send(new DeleteEndpointCommand({ EndpointArn })),
    publish: async (TargetArn, body, attributes = {}) => {
      const platform = TargetArn.split("/")[1] ?? "";
      const command = new PublishCommand({
        TargetArn,
        MessageStructure: "json",
        Message: JSON.stringify({ default: "unused", [platform]: body }),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, stringValue(value)]),
        ),
      });
      return (await sns.send(command)).MessageId ?? "";
    },
    failures: () => queued.flatMap(({ body }) => failureOf(body)),
    close: async () => {
      sns.destroy();
      await server.close();
    },
  };
}

const stringValue = (StringValue: string): MessageAttributeValue => ({ DataType: "String", StringValue });

/** The event inside an SQS envelope. */
export const eventOf = (body: string): Record<string, unknown> =>
  JSON.parse((JSON.parse(body) as { Message: string }).Message) as Record<string, unknown>;

function failureOf(body: string): string[] {
  const type = eventOf(body)["FailureType"];
  return typeof type === "string" ? [type] : [];
}
