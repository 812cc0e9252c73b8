import type {
  DeleteConnectionRequest,
  GetConnectionRequest,
  GetConnectionResponse,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  QueryInput,
  QueryOutput,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from "@aws-sdk/client-dynamodb";
import type {
  CreateEndpointResponse,
  CreatePlatformEndpointInput,
  PublishInput,
  PublishResponse,
  SetEndpointAttributesInput,
} from "@aws-sdk/client-sns";
import type { SendMessageRequest, SendMessageResult } from "@aws-sdk/client-sqs";

export interface CallOptions {
  /** Ends the call and frees its connection. */
  readonly abortSignal?: AbortSignal;
}

/** Input and output by the name of an operation. */
interface Shapes {
  readonly input: object;
  readonly output: object;
}
export type Operations<O> = { readonly [Name in keyof O]: Shapes };

/**
 * An AWS service as adapters call it, so that push and session need no SDK client: lean-client.ts implements it and,
 * for functions that have the SDK anyway, sdk-client.ts. Throws an Error with AWS's code as `name` and the status as
 * `$metadata.httpStatusCode`, or what a failed connection throws.
 */
export interface AwsClient<O extends Operations<O>> {
  request<Name extends keyof O & string>(
    operation: Name,
    input: O[Name]["input"],
    options?: CallOptions,
  ): Promise<O[Name]["output"]>;
}

/** What push and session call of each service. */
export interface DynamoOperations {
  readonly BatchGetItem: { readonly input: BatchGetItemInput; readonly output: BatchGetItemOutput };
  readonly DeleteItem: { readonly input: DeleteItemInput; readonly output: DeleteItemOutput };
  readonly PutItem: { readonly input: PutItemInput; readonly output: PutItemOutput };
  readonly UpdateItem: { readonly input: UpdateItemInput; readonly output: UpdateItemOutput };
}
/** With the SDK only. */
export interface FullDynamoOperations extends DynamoOperations {
  readonly GetItem: { readonly input: GetItemInput; readonly output: GetItemOutput };
  readonly Query: { readonly input: QueryInput; readonly output: QueryOutput };
  readonly TransactWriteItems: { readonly input: TransactWriteItemsInput; readonly output: TransactWriteItemsOutput };
}
export interface SnsOperations {
  readonly CreatePlatformEndpoint: {
    readonly input: CreatePlatformEndpointInput;
    readonly output: CreateEndpointResponse;
  };
  readonly Publish: { readonly input: PublishInput; readonly output: PublishResponse };
  readonly SetEndpointAttributes: { readonly input: SetEndpointAttributesInput; readonly output: object };
}
export interface SqsOperations {
  readonly SendMessage: { readonly input: SendMessageRequest; readonly output: SendMessageResult };
}
/** `@connections` of API Gateway; GetConnection with the SDK only. */
export interface CloseOperations {
  readonly DeleteConnection: { readonly input: DeleteConnectionRequest; readonly output: object };
}
export interface ConnectionOperations extends CloseOperations {
  readonly GetConnection: { readonly input: GetConnectionRequest; readonly output: GetConnectionResponse };
}

export type Dynamo = AwsClient<DynamoOperations>;
export type FullDynamo = AwsClient<FullDynamoOperations>;
export type Sns = AwsClient<SnsOperations>;
export type Sqs = AwsClient<SqsOperations>;

/** Whether AWS answered with this error, whichever client asked. */
export const isNamed = (error: unknown, name: string): error is Error => error instanceof Error && error.name === name;
