import type { CallName } from "../aws/identify.ts";
import type { AwsError } from "../aws/protocols.ts";
import { THROTTLED_PAGES } from "../product.ts";
import type { Queue } from "../sqs/queue.ts";
import type { MetricStore } from "./store.ts";

/** The metrics that AWS publishes, as far as this host simulates their cause. */
export interface AwsMetrics {
  /** An event of a WebSocket API, e.g. `MessageCount`. */
  readonly socket: (api: { readonly id: string; readonly stage: string }, name: SocketMetric, route: string) => void;
  /** An HTTP API throttled a request: what the template's metric filter finds in the access log. */
  readonly pageThrottled: (apiId: string) => void;
  /** A function is invoked; call the returned function when it has ended. */
  readonly invocation: (functionName: string) => (ok: boolean) => void;
  /** An AWS service has answered. */
  readonly answered: (call: CallName, body: Buffer, error: AwsError | undefined) => void;
  /** Records the queues' metrics, as SQS does every minute. */
  readonly sample: (queues: readonly Queue[]) => void;
}

export type SocketMetric = "ConnectCount" | "MessageCount" | "ClientError" | "IntegrationError";

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/u;
const THROTTLES = /Throttl|ProvisionedThroughput|RequestLimitExceeded/u;

export function awsMetrics(store: MetricStore): AwsMetrics {
  const record = (namespace: string, name: string, dimensions: Record<string, string>, value: number) =>
    store.record({ namespace, name, dimensions }, value, Date.now());
  let running = 0;

  return {
    socket({ id, stage }, name, route) {
      record("AWS/ApiGateway", name, { ApiId: id, Stage: stage }, 1);
      record("AWS/ApiGateway", name, { ApiId: id, Stage: stage, Route: route }, 1);
    },

    pageThrottled: (ApiId) => record(THROTTLED_PAGES.namespace, THROTTLED_PAGES.name, { ApiId }, 1),

    invocation(FunctionName) {
      const startedAt = Date.now();
      running += 1;
      record("AWS/Lambda", "ConcurrentExecutions", {}, running);
      return (ok) => {
        running -= 1;
        record("AWS/Lambda", "Invocations", { FunctionName }, 1);
        record("AWS/Lambda", "Errors", { FunctionName }, ok ? 0 : 1);
        record("AWS/Lambda", "Throttles", { FunctionName }, 0); // events wait for a sandbox instead
        record("AWS/Lambda", "Duration", { FunctionName }, Date.now() - startedAt);
      };
    },

    answered({ service, operation }, body, error) {
      if (service === "ses" && error === undefined) {
        record("AWS/SES", "Send", {}, 1);
        // Every email arrives in the local mailbox.
        for (const name of ["Reputation.BounceRate", "Reputation.ComplaintRate"]) record("AWS/SES", name, {}, 0);
      }
      if (service !== "dynamodb") return;
      const kind = WRITES.test(operation) ? "Write" : "Read";
      for (const TableName of tablesIn(body)) {
        if (error === undefined) record("AWS/DynamoDB", `Consumed${kind}CapacityUnits`, { TableName }, 1);
        else if (THROTTLES.test(error.code)) record("AWS/DynamoDB", `${kind}ThrottleEvents`, { TableName }, 1);
      }
    },

    sample(queues) {
      for (const queue of queues) {
        const dimensions = { QueueName: queue.definition.name };
        const { visible } = queue.counts();
        const oldest = queue.oldestAt();
        record("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, visible);
        record(
          "AWS/SQS",
          "ApproximateAgeOfOldestMessage",
          dimensions,
          oldest === undefined ? 0 : (Date.now() - oldest) / 1000,
        );
      }
    },
  };
}

/** Every table that a DynamoDB request names. */
function tablesIn(body: Buffer): ReadonlySet<string> {
  const {
    TableName,
    RequestItems = {},
    TransactItems = [],
  } = JSON.parse(body.toString("utf8")) as {
    readonly TableName?: string;
    readonly RequestItems?: object;
    readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[];
  };
  const inTransaction = TransactItems.flatMap((item) => Object.values(item).map((each) => each.TableName));
  return new Set([...(TableName === undefined ? [] : [TableName]), ...Object.keys(RequestItems), ...inTransaction]);
}
