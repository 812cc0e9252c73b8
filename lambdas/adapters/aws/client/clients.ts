import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SESClient } from "@aws-sdk/client-ses";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { FullDynamo } from "./aws-client.ts";
import { CALL_LIMIT_MS } from "./call.ts";
import { overDynamo } from "./sdk-client.ts";

/** A backstop behind every call's own abort signal; in ms. */
export const requestHandler = { connectionTimeout: 1_000, requestTimeout: CALL_LIMIT_MS, throwOnRequestTimeout: true };

/**
 * SDK clients, created once, at init. Endpoints and credentials come from the SDK's own environment variables. The
 * functions that a PBX waits for use lean-client.ts.
 */
const patient = { requestHandler, maxAttempts: 3 };
export const dynamoClient = (): FullDynamo => overDynamo(new DynamoDBClient(patient));
export const sesClient = (): SESClient => new SESClient(patient);
export const cloudWatchClient = (): CloudWatchClient => new CloudWatchClient(patient);
/** For a dispatcher, where a deadline decides about retries: never retries by itself. */
export const snsClient = (): SNSClient => new SNSClient({ requestHandler, maxAttempts: 1 });
export const sqsClient = (): SQSClient => new SQSClient(patient);

/** @param endpoint the stage's callback URL, by environment variable and never from an event (docs/aws.md) */
export const connectionsClient = (endpoint: string): ApiGatewayManagementApiClient =>
  new ApiGatewayManagementApiClient({ ...patient, endpoint });

/** For a deployment, which has time: SNS asks Apple or Google about a credential before it answers. */
const unhurried = { requestHandler: { ...requestHandler, requestTimeout: 8_000 }, maxAttempts: 2 };
export const snsControlClient = (): SNSClient => new SNSClient(unhurried);
export const kmsClient = (): KMSClient => new KMSClient(patient);
export const secretsClient = (): SecretsManagerClient => new SecretsManagerClient(patient);
