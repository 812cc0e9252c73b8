import type { FullDynamo } from "../../../lambdas/adapters/aws/client/aws-client.ts";

/** One call as DynamoDB received it. */
interface Asked {
  readonly operation: string;
  readonly input: unknown;
}

/** An error as the clients throw it: AWS's code as `name`, status 400. */
export const awsError = (name: string, more: object = {}): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 }, ...more });

/**
 * A DynamoDB that stores nothing, for what no engine on this machine shows: which reads are consistent, when rows are
 * swept, how errors are handled. Gives `answers` one after the other and repeats the last; throws an Error.
 */
export function scriptedDynamo(...answers: readonly (object | Error)[]) {
  const asked: Asked[] = [];
  const left = [...answers];
  const client = {
    request: (operation: string, input: object) => {
      asked.push({ operation, input });
      const answer = (left.length > 1 ? left.shift() : left[0]) ?? {};
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as FullDynamo;
  return { client, asked };
}
