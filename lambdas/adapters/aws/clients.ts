import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESClient } from "@aws-sdk/client-ses";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { CALL_TIME_LIMIT } from "./call.ts";

/** A backstop below every call's own abort signal; in ms. */
const requestHandler = {
  connectionTimeout: 1_000,
  requestTimeout: CALL_TIME_LIMIT,
  throwOnRequestTimeout: true,
};

/** Clients made once, at init. Where to go and who we are comes from the SDK's own environment variables. */
const patient = { requestHandler, maxAttempts: 3 };
/** On the call path the deadline decides about retries, not the SDK. */
const once = { requestHandler, maxAttempts: 1 };

export const dynamoClient = (retries: "sdk" | "own" = "sdk"): DynamoDBClient =>
  new DynamoDBClient(retries === "own" ? once : patient);
export const snsClient = (): SNSClient => new SNSClient(once);
export const sesClient = (): SESClient => new SESClient(patient);
export const cloudWatchClient = (): CloudWatchClient => new CloudWatchClient(patient);
export const sqsClient = (): SQSClient => new SQSClient(patient);

/** @param endpoint the stage's callback URL, by environment variable and never from an event (aws-facts) */
export const connectionsClient = (endpoint: string): ApiGatewayManagementApiClient =>
  new ApiGatewayManagementApiClient({ ...patient, endpoint });

/** For a deployment, which has time: SNS asks Apple or Google about a credential before it answers. */
const unhurried = { requestHandler: { ...requestHandler, requestTimeout: 8_000 }, maxAttempts: 2 };
export const snsControlClient = (): SNSClient => new SNSClient(unhurried);
export const kmsClient = (): KMSClient => new KMSClient(patient);
export const secretsClient = (): SecretsManagerClient => new SecretsManagerClient(patient);
