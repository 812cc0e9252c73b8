import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESClient } from "@aws-sdk/client-ses";
import { SNSClient, type SNSClientConfig } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CALL_TIME_LIMIT } from "./call.ts";
import { type Direct, direct, type SdkClient } from "./direct.ts";
import { publishWire } from "./publish-wire.ts";
import { Sha256 } from "./sha256.ts";

/** A backstop below every call's own abort signal; in ms. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: CALL_TIME_LIMIT,
  throwOnRequestTimeout: true,
};

/** Clients made once, at init. Where to go and who we are comes from the SDK's own environment variables. */
const common = { requestHandler, sha256: Sha256 };

/** How a post's calls are made: `sdk` takes the SDK's middleware, should AWS ever refuse calls without it. */
export type Calls = "direct" | "sdk";

/** For the calls of a post, where the deadline decides about retries: these never try again by themselves. */
export const postDynamo = (options: DynamoDBClientConfig = {}, calls?: Calls): Direct<DynamoDBClient> =>
  forPosts(new DynamoDBClient({ ...common, maxAttempts: 1, ...options }), direct, calls);
export const postSns = (options: SNSClientConfig = {}, calls?: Calls): Direct<SNSClient> =>
  forPosts(new SNSClient({ ...common, maxAttempts: 1, ...options }), (client) => direct(client, publishWire), calls);

function forPosts<Client extends SdkClient>(client: Client, make: (client: Client) => Direct<Client>, calls: Calls = "direct"): Direct<Client> {
  const made = make(client);
  return calls === "direct" ? made : { ...made, send: (client.send as (...given: unknown[]) => unknown).bind(client) };
}

const patient = { ...common, maxAttempts: 3 };
export const dynamoClient = (): DynamoDBClient => new DynamoDBClient(patient);
export const sesClient = (): SESClient => new SESClient(patient);
export const cloudWatchClient = (): CloudWatchClient => new CloudWatchClient(patient);
export const sqsClient = (): SQSClient => new SQSClient(patient);

/** @param endpoint the stage's callback URL, by environment variable and never from an event (aws-facts) */
export const connectionsClient = (endpoint: string): ApiGatewayManagementApiClient =>
  new ApiGatewayManagementApiClient({ ...patient, endpoint });

/** For a deployment, which has time: SNS asks Apple or Google about a credential before it answers. */
const unhurried = { ...common, requestHandler: { ...requestHandler, requestTimeout: 8_000 }, maxAttempts: 2 };
export const snsControlClient = (): SNSClient => new SNSClient(unhurried);
export const kmsClient = (): KMSClient => new KMSClient(patient);
export const secretsClient = (): SecretsManagerClient => new SecretsManagerClient(patient);
