import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESClient, VerifyDomainIdentityCommand } from "@aws-sdk/client-ses";
import { SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";
import type { Sns, Sqs } from "../../../lambdas/adapters/aws/client/aws-client.ts";
import { leanSns, leanSqs } from "../../../lambdas/adapters/aws/client/lean-client.ts";
import { overSns, overSqs } from "../../../lambdas/adapters/aws/client/sdk-client.ts";
import { createCallCounter } from "../../../local/aws/calls.ts";
import { createFaults } from "../../../local/aws/faults.ts";
import { startAwsServer } from "../../../local/aws/server.ts";
import { createKms } from "../../../local/kms/service.ts";
import { createCloudWatch } from "../../../local/metrics/service.ts";
import { createMetricStore } from "../../../local/metrics/store.ts";
import { createSecrets } from "../../../local/secretsmanager/service.ts";
import { createMailbox } from "../../../local/ses/mailbox.ts";
import { createSes } from "../../../local/ses/service.ts";
import { serveSns } from "./serve-sns.ts";
import { createSnsSimulator } from "../../../local/sns/simulator.ts";
import { createSqs } from "../../../local/sqs/service.ts";

/** The services that adapters call, other than DynamoDB, with the resources of a deployment. */
export interface Services {
  readonly sns: SNSClient;
  readonly kms: KMSClient;
  readonly secrets: SecretsManagerClient;
  readonly ses: SESClient;
  readonly sqs: SQSClient;
  readonly cloudWatch: CloudWatchClient;
  /** The two ways in which functions call SNS and SQS. */
  readonly clients: Readonly<Record<"sdk" | "lean", { readonly sns: Sns; readonly sqs: Sqs }>>;
  /** A secret under a name of its own; returns its ARN. */
  addSecret(name: string, value: string, tags: Readonly<Record<string, string>>): Promise<string>;
  /** An RSA_2048 key to encrypt with; returns its ARN. */
  addKey(): Promise<string>;
  /** A queue; returns its URL. */
  addQueue(): Promise<string>;
  addSender(domain: string): Promise<void>;
  /** One value of a metric. */
  measure(
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    at: number,
  ): Promise<void>;
  stop(): Promise<void>;
}

const region = "eu-central-1";
const account = "123456789012";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

function clients(endpoint: string, snsEndpoint = endpoint) {
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  const made = {
    sns: new SNSClient({ ...options, endpoint: snsEndpoint }),
    kms: new KMSClient(options),
    secrets: new SecretsManagerClient(options),
    ses: new SESClient(options),
    sqs: new SQSClient(options),
    cloudWatch: new CloudWatchClient(options),
  };
  const environment = { AWS_REGION: region, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const ways = {
    sdk: { sns: overSns(made.sns), sqs: overSqs(made.sqs) },
    lean: {
      sns: leanSns({ ...environment, AWS_ENDPOINT_URL: snsEndpoint }),
      sqs: leanSqs({ ...environment, AWS_ENDPOINT_URL: endpoint }),
    },
  };
  return { ...made, clients: ways, destroy: () => Object.values(made).forEach((client) => client.destroy()) };
}

/** The local host's services. */
export async function localServices(): Promise<Services> {
  const [kms, secrets, sqs, metrics] = [createKms(), createSecrets(), createSqs(), createMetricStore()];
  const simulator = createSnsSimulator({ region, account });
  const sns = await serveSns(simulator);
  const server = await startAwsServer({
    services: {
      kms: kms.service,
      secretsmanager: secrets.service,
      sqs: sqs.service,
      email: createSes(createMailbox()),
      ses: createSes(createMailbox()),
      monitoring: createCloudWatch(metrics, { alarms: [], dashboards: new Map() }),
    },
    calls: createCallCounter(),
    faults: createFaults(),
    onAnswer: () => undefined,
    onStackResponse: () => undefined,
  });
  const { destroy, ...made } = clients(server.url, sns.url);
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return {
    ...made,
    addSecret: (name, value, tags) => {
      const secretArn = arn("secretsmanager", `secret:${name}-a1b2c3`);
      secrets.add(
        secretArn,
        name,
        value,
        Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      );
      return Promise.resolve(secretArn);
    },
    addKey: async () => {
      const id = randomUUID();
      await kms.addRsaKey(id, arn("kms", `key/${id}`), "RSA_2048");
      return arn("kms", `key/${id}`);
    },
    addQueue: () => {
      const name = randomUUID();
      sqs.add({ name, arn: arn("sqs", name), visibilityTimeoutMs: 30_000, delayMs: 0 });
      return Promise.resolve(`${server.url}/${account}/${name}`);
    },
    addSender: () => Promise.resolve(),
    measure: (namespace, name, dimensions, value, at) =>
      Promise.resolve(metrics.record({ namespace, name, dimensions }, value, at)),
    stop: async () => {
      destroy();
      await Promise.all([server.close(), sns.close()]);
    },
  };
}

/** Moto's services at that URL (`npm run test:moto`). */
export function motoServices(url: string): Promise<Services> {
  const { destroy, ...made } = clients(url);
  const { kms, secrets, ses, sqs, cloudWatch } = made;
  return Promise.resolve({
    ...made,
    addSecret: async (Name, SecretString, tags) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      return (await secrets.send(new CreateSecretCommand({ Name, SecretString, Tags }))).ARN ?? "";
    },
    addKey: async () => {
      const made = await kms.send(new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" }));
      return made.KeyMetadata?.Arn ?? "";
    },
    addQueue: async () => (await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }))).QueueUrl ?? "",
    addSender: async (Domain) => void (await ses.send(new VerifyDomainIdentityCommand({ Domain }))),
    measure: async (Namespace, MetricName, dimensions, Value, at) => {
      const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const MetricData = [{ MetricName, Dimensions, Value, Timestamp: new Date(at) }];
      await cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
    },
    stop: () => Promise.resolve(destroy()),
  });
}
