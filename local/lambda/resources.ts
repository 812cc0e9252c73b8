import { statSync } from "node:fs";
import * as v from "valibot";
import { arn, nameIn } from "../aws/arn.ts";
import type { Provider, ResourceRequest } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import type { Queue } from "../sqs/queue.ts";
import { startEventSource, type EventSource } from "./event-source.ts";
import type { Services } from "../iam/services.ts";
import type { FunctionRegistry } from "./registry.ts";

export interface LambdaParts extends Pick<Services, "lacking" | "mayRun"> {
  readonly functions: FunctionRegistry;
  readonly queue: (arn: string) => Queue | undefined;
  /** A function's variables with this host's addresses instead of AWS's, and those that every function gets. */
  readonly environment: (
    own: Readonly<Record<string, string>>,
    request: ResourceRequest,
  ) => Readonly<Record<string, string>>;
  /** Maximum sandboxes per function. */
  readonly concurrency: number;
  /** Multiplies the functions' time limits. */
  readonly patience: number;
  /** Starts something once all resources exist. */
  readonly later: (start: () => EventSource) => void;
}

const LOCAL_ROLE = "local";
const functionSchema = v.object({
  FunctionName: v.optional(v.string()),
  Handler: v.string(),
  Runtime: v.pipe(v.string(), v.regex(/^nodejs/u, "only Node.js runs here")),
  Code: v.object({ S3Key: v.string() }),
  Role: v.optional(v.string(), LOCAL_ROLE),
  Timeout: v.optional(v.number(), 3),
  MemorySize: v.optional(v.number(), 128),
  ReservedConcurrentExecutions: v.optional(v.number()),
  LoggingConfig: v.optional(v.object({ LogGroup: v.optional(v.string()) }), {}),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), v.string()), {}) })),
});
const eventSourceSchema = v.object({
  FunctionName: v.string(),
  EventSourceArn: v.pipe(v.string(), v.regex(/:sqs:/u, "only SQS queues feed functions here")),
  Enabled: v.optional(v.boolean(), true),
  BatchSize: v.optional(v.number(), 10),
  MaximumBatchingWindowInSeconds: v.optional(v.number(), 0),
  FunctionResponseTypes: v.optional(v.array(v.string()), []),
  ScalingConfig: v.optional(v.object({ MaximumConcurrency: v.number() })),
  FilterCriteria: v.optional(v.undefined("filters are not applied here")),
});

const destinationSchema = v.object({
  FunctionName: v.string(),
  DestinationConfig: v.optional(v.object({ OnFailure: v.optional(v.object({ Destination: v.string() })) }), {}),
});

/**
 * What the function's role needs so that Lambda can poll a queue. Lambda checks it when the mapping is created and
 * names the missing action, as recorded for ReceiveMessage (aws-cdk#6770) and DeleteMessage
 * (serverless-iam-roles-per-function#21). Source: Lambda Developer Guide, "Using Lambda with Amazon SQS", execution
 * role permissions.
 */
const POLLING = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

/** Concurrent batches of a queue if the template sets no limit: Lambda's initial number. */
const POLLERS = 5;

export function lambdaResources(parts: LambdaParts): Readonly<Record<string, Provider>> {
  const { functions, queue, environment, concurrency, patience, lacking, mayRun, later } = parts;
  const mayQueue = (role: string, actions: readonly string[], queueArn: string, request: ResourceRequest) => {
    const action = lacking(role, actions, queueArn);
    if (action !== undefined)
      throw cannotRun(
        request,
        `the function's execution role does not have permissions to call ${action} on ${queueArn}`,
      );
  };
  return {
    "AWS::Lambda::Function"(request) {
      const properties = read(functionSchema, request);
      const name = properties.FunctionName ?? request.generatedName;
      const functionArn = arn(request.stack, "lambda", `function:${name}`);
      const taskRoot = request.stack.assets.get(properties.Code.S3Key);
      if (taskRoot === undefined || !statSync(taskRoot).isDirectory())
        throw cannotRun(request, `its code ${properties.Code.S3Key} is no directory of the cloud assembly`);
      // Not checked for a test's function without a role.
      if (properties.Role !== LOCAL_ROLE && !mayRun(properties.Role, functionArn))
        throw cannotRun(request, "the role defined for the function cannot be assumed by Lambda");
      const own = properties.Environment?.Variables ?? {};
      functions.add({
        name,
        arn: functionArn,
        taskRoot,
        handler: properties.Handler,
        timeoutMs: properties.Timeout * 1000 * patience,
        patience,
        memoryMb: properties.MemorySize,
        role: nameIn(properties.Role),
        logGroup: properties.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`,
        concurrency: Math.min(properties.ReservedConcurrentExecutions ?? concurrency, concurrency),
        environment: () => ({ ...lambdaVariables(name, taskRoot, properties, request), ...environment(own, request) }),
      });
      return { ref: name, attributes: { Arn: functionArn } };
    },

    "AWS::Lambda::Version"(request) {
      const { FunctionName } = read(v.object({ FunctionName: v.string() }), request);
      return { ref: qualified(functions, FunctionName, "1", request), attributes: { Version: "1" } };
    },

    "AWS::Lambda::Alias"(request) {
      const { FunctionName, Name } = read(v.object({ FunctionName: v.string(), Name: v.string() }), request);
      const aliasArn = qualified(functions, FunctionName, Name, request);
      return { ref: aliasArn, attributes: { AliasArn: aliasArn } };
    },

    "AWS::Lambda::EventSourceMapping"(request) {
      const properties = read(eventSourceSchema, request);
      const target = functions.find(properties.FunctionName);
      const source = queue(properties.EventSourceArn);
      if (target === undefined || source === undefined)
        throw cannotRun(request, `${properties.EventSourceArn} or ${properties.FunctionName} does not exist`);
      mayQueue(target.definition.role, POLLING, properties.EventSourceArn, request);
      const definition = {
        batchSize: properties.BatchSize,
        windowMs: properties.MaximumBatchingWindowInSeconds * 1000,
        reportsItemFailures: properties.FunctionResponseTypes.includes("ReportBatchItemFailures"),
        concurrency: properties.ScalingConfig?.MaximumConcurrency ?? POLLERS,
        region: request.stack.region,
      };
      if (properties.Enabled) later(() => startEventSource(source, target, definition));
      return { ref: request.generatedName };
    },

    // Failed events are neither retried nor kept here. Only the role's right to send them to the queue is checked, as
    // Lambda does.
    "AWS::Lambda::EventInvokeConfig"(request) {
      const { FunctionName, DestinationConfig } = read(destinationSchema, request);
      const destination = DestinationConfig.OnFailure?.Destination;
      if (destination !== undefined)
        mayQueue(functions.find(FunctionName)?.definition.role ?? "", ["SendMessage"], destination, request);
      return { ref: request.generatedName };
    },
  };
}

function qualified(functions: FunctionRegistry, name: string, qualifier: string, request: ResourceRequest): string {
  const target = functions.find(name);
  if (target === undefined) throw cannotRun(request, `there is no function ${name}`);
  return `${target.definition.arn}:${qualifier}`;
}

/** Variables that Lambda itself sets. */
const lambdaVariables = (
  name: string,
  taskRoot: string,
  { Handler, MemorySize, Role }: v.InferOutput<typeof functionSchema>,
  { stack: { region } }: ResourceRequest,
) => ({
  // The role's name, by which the simulated services identify the caller.
  AWS_ACCESS_KEY_ID: nameIn(Role),
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: "local",
  LAMBDA_TASK_ROOT: taskRoot,
  TZ: ":UTC",
  _HANDLER: Handler,
});
