import type {
  AwsClient,
  CallOptions,
  CloseOperations,
  DynamoOperations,
  Operations,
  SnsOperations,
  SqsOperations,
} from "./aws-client.ts";
import { connectionsWire } from "../wire/connections-wire.ts";
import type { Environment } from "../wire/endpoint.ts";
import { dynamoWire, sqsWire } from "../wire/json-wire.ts";
import { type Handler, signedCalls } from "../wire/signed-call.ts";
import { snsWire } from "../wire/sns-wire.ts";
import type { Wire } from "../wire/wire.ts";

/** An AWS service without the SDK's client: for the functions that a PBX waits for (docs/decisions.md). */
export interface LeanClient<O extends Operations<O>> extends AwsClient<O> {
  /** Spends in init what the first call would cost, without calling the operation; may throw what a call throws. */
  warmUp<Name extends keyof O & string>(operation: Name, input: O[Name]["input"], options: CallOptions): Promise<void>;
}

export const leanDynamo = (environment: Environment, handler?: Handler): LeanClient<DynamoOperations> =>
  leanClient("dynamodb", dynamoWire(environment), environment, handler);
export const leanSns = (environment: Environment, handler?: Handler): LeanClient<SnsOperations> =>
  leanClient("sns", snsWire(environment), environment, handler);
export const leanSqs = (environment: Environment, handler?: Handler): LeanClient<SqsOperations> =>
  leanClient("sqs", sqsWire, environment, handler);
/** @param url the stage's callback URL */
export const leanConnections = (
  environment: Environment,
  url: string,
  handler?: Handler,
): LeanClient<CloseOperations> => leanClient("execute-api", connectionsWire(url), environment, handler);

function leanClient<O extends Operations<O>>(
  service: string,
  wire: Wire<O>,
  environment: Environment,
  handler?: Handler,
): LeanClient<O> {
  const calls = signedCalls(service, environment, handler);
  return {
    async request(operation, input, options) {
      const answer = await calls.ask(wire.write(operation, input), options);
      try {
        if (answer.status < 300) return wire.read(operation, input, answer);
        throw wire.error(answer);
      } catch (error) {
        throw Object.assign(error as Error, { $metadata: { httpStatusCode: answer.status } });
      }
    },
    warmUp: async (operation, input, options) => calls.warmUp(wire.write(operation, input), options),
  };
}
