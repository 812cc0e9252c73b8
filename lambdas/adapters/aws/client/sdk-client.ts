import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreatePlatformEndpointCommand,
  PublishCommand,
  SetEndpointAttributesCommand,
  type SNSClient,
} from "@aws-sdk/client-sns";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type {
  AwsClient,
  CallOptions,
  ConnectionOperations,
  FullDynamo,
  FullDynamoOperations,
  Operations,
  Sns,
  SnsOperations,
  Sqs,
  SqsOperations,
} from "./aws-client.ts";

/** SDK clients, for adapters that functions without the SDK use as well. */
export const overDynamo = (client: DynamoDBClient): FullDynamo =>
  over<FullDynamoOperations>(client, {
    BatchGetItem: BatchGetItemCommand,
    DeleteItem: DeleteItemCommand,
    GetItem: GetItemCommand,
    PutItem: PutItemCommand,
    Query: QueryCommand,
    TransactWriteItems: TransactWriteItemsCommand,
    UpdateItem: UpdateItemCommand,
  });
export const overSns = (client: SNSClient): Sns =>
  over<SnsOperations>(client, {
    CreatePlatformEndpoint: CreatePlatformEndpointCommand,
    Publish: PublishCommand,
    SetEndpointAttributes: SetEndpointAttributesCommand,
  });
export const overSqs = (client: SQSClient): Sqs => over<SqsOperations>(client, { SendMessage: SendMessageCommand });
export const overConnections = (client: ApiGatewayManagementApiClient): AwsClient<ConnectionOperations> =>
  over<ConnectionOperations>(client, {
    DeleteConnection: DeleteConnectionCommand,
    GetConnection: GetConnectionCommand,
  });

interface Sender {
  send(command: never, options?: CallOptions): Promise<unknown>;
}
type Commands<O extends Operations<O>> = { readonly [Name in keyof O]: new (input: never) => object };

/** The SDK's results have the type of the operation: both are made from its own model. */
const over = <O extends Operations<O>>(client: Sender, commands: Commands<O>): AwsClient<O> => ({
  request: (operation, input, options) =>
    client.send(new commands[operation](input as never) as never, options) as Promise<never>,
});
