import * as v from "valibot";
import { arn, nameIn } from "../aws/arn.ts";
import type { FunctionDefinition, LambdaFunction } from "../lambda/pool.ts";
import type { FunctionRegistry } from "../lambda/registry.ts";
import type { DeliveryLogLine } from "../sns/simulator.ts";
import { right, throughKey } from "./actions/table.ts";
import type { Authority } from "./authority.ts";
import type { Facts } from "./facts.ts";

/** What AWS services may do for the account, as far as policies allow it. */
export interface Services {
  /** Functions as API Gateway invokes them: only with a permission of the alias or function in the URI. */
  readonly apiTargets: Pick<FunctionRegistry, "find">;
  /** Whether EventBridge, or its Scheduler with a role, may do this for a rule or schedule. */
  readonly maySchedule: (
    action: "lambda:InvokeFunction" | "sqs:SendMessage",
    target: string,
    source: string,
    role: string | undefined,
  ) => boolean;
  /** Whether CloudWatch Logs may send a log group's lines to a function. */
  readonly maySubscribe: (target: string, logGroupArn: string) => boolean;
  /**
   * The first of these SQS actions that a function's role lacks; Lambda checks it when an event source mapping is
   * created.
   */
  readonly lacking: (role: string, actions: readonly string[], queue: string) => string | undefined;
  /** Whether Lambda may run a function as its role. */
  readonly mayRun: (role: string, functionArn: string) => boolean;
  /** Whether CloudWatch Logs may encrypt a log group with the customer's key. */
  readonly mayEncryptLogs: (key: string, logGroupArn: string) => boolean;
  /** Whether SNS may assume an application's feedback role and write its delivery log. */
  readonly mayLogDelivery: (line: DeliveryLogLine) => boolean;
  /** Whether Lambda may write the function's log as its role. */
  readonly mayLog: (definition: FunctionDefinition) => boolean;
}

/** The route in API Gateway's event. */
const routed = v.object({
  requestContext: v.object({
    apiId: v.string(),
    stage: v.string(),
    routeKey: v.string(),
    http: v.optional(v.object({ method: v.string() })),
  }),
});

export function createServices(
  authority: Authority,
  facts: Facts,
  functions: Pick<FunctionRegistry, "find">,
): Services {
  const { missing, mayService, mayUse, mayAssume } = authority;
  const mayInvoke = (service: string, target: string, source: string) =>
    mayService(service, "lambda:InvokeFunction", target, source);

  const mayWrite = (role: string, logGroup: string) => {
    const stream = arn(facts, "logs", `log-group:${logGroup}:log-stream:local`);
    return missing(role, [right("logs:CreateLogStream", stream), right("logs:PutLogEvents", stream)]) === undefined;
  };

  const behindApi = (target: LambdaFunction, functionArn: string): LambdaFunction => ({
    ...target,
    invoke(event) {
      const source = routeArn(facts, event);
      if (mayInvoke("apigateway.amazonaws.com", functionArn, source)) return target.invoke(event);
      const errorMessage = `no permission of ${functionArn} lets API Gateway invoke it for ${source}`;
      return Promise.resolve({ ok: false, error: { errorType: "AccessDeniedException", errorMessage } });
    },
  });

  return {
    apiTargets: {
      find(uri) {
        const target = functions.find(uri);
        return (
          target &&
          behindApi(
            target,
            /arn:aws:lambda:[^/]+:function:[\w-]+(?::[\w$-]+)?/u.exec(uri)?.[0] ?? target.definition.arn,
          )
        );
      },
    },
    maySchedule(action, target, source, role) {
      if (role === undefined) return mayService("events.amazonaws.com", action, target, source);
      return (
        mayAssume("scheduler.amazonaws.com", role, source) &&
        missing(nameIn(role), [right(action, target)]) === undefined
      );
    },
    // Source: CloudWatch Logs User Guide, "Log group-level subscription filters", example 2: the permission names the log
    // group's ARN with `:*`, and the account.
    maySubscribe: (target, logGroupArn) => mayInvoke("logs.amazonaws.com", target, logGroupArn),
    lacking: (role, actions, queue) => {
      const rights = actions.map((action) => right(`sqs:${action}`, queue));
      return missing(role, [...rights, ...throughKey(facts, "sqs", facts.keyOf(queue), ["Decrypt"])])?.action;
    },
    mayRun: (role, functionArn) => mayAssume("lambda.amazonaws.com", role, functionArn),
    // Source: CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS", whose sample key policy says so.
    mayEncryptLogs: (key, logGroupArn) =>
      ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"].every((action) =>
        mayUse(`logs.${facts.region}.amazonaws.com`, action, facts.keyArn(key), {
          "kms:EncryptionContext:aws:logs:arn": logGroupArn,
        }),
      ),
    mayLog: ({ role, logGroup }) => mayWrite(role, logGroup),
    mayLogDelivery: ({ application, role, logGroup }) =>
      mayAssume("sns.amazonaws.com", role, application) && mayWrite(nameIn(role), logGroup),
  };
}

/**
 * Source: API Gateway Developer Guide, "Using a resource-based policy for Lambda": API/STAGE/ROUTE for WebSocket APIs,
 * API/STAGE/METHOD/PATH for HTTP APIs, with the route's own path.
 */
function routeArn(facts: Facts, event: unknown): string {
  const { requestContext } = v.parse(routed, event);
  const { apiId, stage, routeKey, http } = requestContext;
  const path = routeKey.split(" ")[1];
  const route = http === undefined || path === undefined ? routeKey : `${http.method}${path}`;
  return arn(facts, "execute-api", `${apiId}/${stage}/${route}`);
}
