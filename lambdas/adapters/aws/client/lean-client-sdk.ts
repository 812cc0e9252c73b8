import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsClient, DynamoOperations, Operations, SnsOperations, SqsOperations } from "./aws-client.ts";
import { requestHandler } from "./clients.ts";
import type { LeanClient } from "./lean-client.ts";
import { overDynamo, overSns, overSqs } from "./sdk-client.ts";

/**
 * Stands in for lean-client.ts in the bundles of a stage with `fallbacks.calls: "sdk"`: the SDK's own clients, without
 * retries of their own and without a warm-up.
 */
const settings = { requestHandler, maxAttempts: 1 };
export const leanDynamo = (): LeanClient<DynamoOperations> => cold(overDynamo(new DynamoDBClient(settings)));
export const leanSns = (): LeanClient<SnsOperations> => cold(overSns(new SNSClient(settings)));
export const leanSqs = (): LeanClient<SqsOperations> => cold(overSqs(new SQSClient(settings)));

const cold = <O extends Operations<O>>(client: AwsClient<O>): LeanClient<O> => ({
  ...client,
  warmUp: () => Promise.resolve(),
});
