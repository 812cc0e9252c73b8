import type {
  AwsClient,
  CallOptions,
  DynamoOperations,
  Operations,
  SnsOperations,
  SqsOperations,
} from "./aws-client.ts";
import type { Environment } from "../wire/endpoint.ts";
import { dynamoWire, sqsWire } from "../wire/json-wire.ts";
import type { Transport } from "../wire/https-transport.ts";
import { signedCalls } from "../wire/signed-call.ts";
import { snsWire } from "../wire/sns-wire.ts";
import type { Wire } from "../wire/wire.ts";

/** An AWS service without the SDK's client: for the functions that a PBX waits for (docs/decisions.md). */
export interface LeanClient<O extends Operations<O>> extends AwsClient<O> {
  /** Does at init what would slow the first call, without calling the operation; may throw what a call throws. */
  warmUp<Name extends keyof O & string>(operation: Name, input: O[Name]["input"], options: CallOptions): Promise<void>;
}

export const leanDynamo = (environment: Environment, transport?: Transport): LeanClient<DynamoOperations> =>
  leanClient("dynamodb", dynamoWire(environment), environment, transport);
export const leanSns = (environment: Environment, transport?: Transport): LeanClient<SnsOperations> =>
  leanClient("sns", snsWire(environment), environment, transport);
export const leanSqs = (environment: Environment, transport?: Transport): LeanClient<SqsOperations> =>
  leanClient("sqs", sqsWire, environment, transport);

function leanClient<O extends Operations<O>>(
  service: string,
  wire: Wire<O>,
  environment: Environment,
  transport?: Transport,
): LeanClient<O> {
  const calls = signedCalls(service, environment, transport);
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
