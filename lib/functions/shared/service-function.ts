import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  type ILambdaDeploymentConfig,
} from "aws-cdk-lib/aws-codedeploy";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  type IAlias,
  type IVersion,
} from "aws-cdk-lib/aws-lambda";
import { SqsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Entrypoint, EnvironmentOf } from "../../../lambdas/env.ts";
import type { StageConfig } from "../../config.ts";
import { acknowledge, explain } from "../../policies/acknowledge.ts";
import { bundleOf } from "./bundles.ts";
import { ServiceAlarm } from "../../observability/service-alarm.ts";
import { FUNCTION_TIMEOUT, type DeadLetterQueue, type WorkQueue } from "../../queues/work-queue.ts";

/** `failures` of a function behind an API. */
export const ANSWERED = "It is invoked synchronously: who waits for the answer hears of the failure and asks again.";
/** `failures` of a function behind a WorkQueue. */
export const FROM_QUEUE = "It works off a queue, which has a dead-letter queue of its own.";

export interface ServiceFunctionProps<E extends Entrypoint> {
  readonly config: StageConfig;
  /** Environment variables other than STAGE, which all functions have. */
  readonly environment: Omit<EnvironmentOf<E>, "STAGE">;
  /** A queue for the events that the function failed on, or the reason why it needs none. */
  readonly failures: DeadLetterQueue | string;
  /** Default FUNCTION_TIMEOUT; may be longer if no API Gateway waits for the function. */
  readonly timeout?: Duration;
  /** A fixed name for a function that other stacks watch without an import; CloudFormation names all others. */
  readonly name?: string;
  /**
   * Leaves out Lambda's START, END and REPORT lines, for a function where they would cost more than everything else it
   * does. The function must write to standard output, as Lambda wraps the output of `console` in JSON of its own.
   */
  readonly quiet?: boolean;
}

/** One entrypoint: its bundle, log group and alias `live`, and a role that may only write its own logs. */
export class ServiceFunction<E extends Entrypoint> extends Construct {
  readonly entrypoint: E;
  readonly function: LambdaFunction;
  readonly name: string;
  readonly alias: IAlias;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, entrypoint: E, props: ServiceFunctionProps<E>) {
    super(scope, entrypoint.charAt(0).toUpperCase() + entrypoint.slice(1));
    const { config, failures } = props;
    this.entrypoint = entrypoint;
    const size = config.functions[entrypoint];
    this.logGroup = new LogGroup(this, "Logs", {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, "Function", {
      ...(props.name !== undefined && { functionName: props.name }),
      description: `Push service, stage ${config.name}: ${entrypoint}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(entrypoint, config.fallbacks.calls)),
      handler: "index.handler",
      role: this.role,
      logGroup: this.logGroup,
      ...(props.quiet && { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: SystemLogLevel.WARN }),
      environment: { STAGE: config.name, ...defined(props.environment as Variables) },
      memorySize: size.memory,
      timeout: props.timeout ?? FUNCTION_TIMEOUT,
      // Keep earlier versions to roll back to, but not the version of a failed deployment: Lambda makes no second
      // version of the same code, so it could not be deployed again.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      ...(size.reserved !== undefined && { reservedConcurrentExecutions: size.reserved }),
    });
    this.name = props.name ?? this.function.functionName;
    // cdk-lib's classes do not fit their own interfaces under exactOptionalPropertyTypes.
    const alias = new Alias(this, "Live", {
      aliasName: "live",
      version: this.function.currentVersion as IVersion,
      ...(size.provisioned !== undefined && { provisionedConcurrentExecutions: size.provisioned }),
      ...(typeof failures !== "string" && { onFailure: new SqsDestination(failures), retryAttempts: 2 }),
    });
    this.alias = alias as IAlias;
    if (config.deployment !== "ALL_AT_ONCE")
      this.#shiftGradually(alias, config, LambdaDeploymentConfig[config.deployment]);
    this.#explain(failures);
  }

  /** Works off a queue; only failed messages are retried, up to five deliveries in all. */
  addQueueTrigger(work: WorkQueue, batchSize: number): void {
    this.alias.addEventSource(new SqsEventSource(work.queue, { batchSize, reportBatchItemFailures: true }));
    acknowledge(
      this.alias,
      "What fails goes to the queue's own dead-letter queue, with the message and not only its metadata.",
      "Serverless-LambdaEventSourceMappingDestination",
    );
  }

  #shiftGradually(alias: Alias, config: StageConfig, deploymentConfig: ILambdaDeploymentConfig): void {
    // For CodeDeploy alone; the alarms on failures notify operators if the errors go on.
    const errors = new ServiceAlarm(this, `deployment-errors-${this.entrypoint}`, {
      config,
      impact: `A version of function ${this.entrypoint} that is being deployed fails for a share of its callers; CodeDeploy goes back to the one before.`,
      runbook: "deployment-errors",
      metric: alias.metricErrors({ period: Duration.minutes(1) }),
      threshold: 1,
    });
    const group = new LambdaDeploymentGroup(this, "Deployment", { alias, deploymentConfig, alarms: [errors] });
    acknowledge(
      group,
      "AWS's own policy for CodeDeploy with Lambda, in its limited form; only CodeDeploy can take the role.",
      "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]",
    );
  }

  #explain(failures: DeadLetterQueue | string): void {
    acknowledge(
      this.function,
      "A trace would end at this function, as API Gateway's WebSocket and HTTP APIs pass none on, and the SDK that would continue it lengthens every cold start; how long posts take is a metric.",
      "Serverless-LambdaTracing",
    );
    const reason =
      typeof failures === "string" ? failures : "Callers invoke the alias, which has a queue for failures.";
    acknowledge(this.function, reason, "Serverless-LambdaDLQ", "Serverless-LambdaAsyncFailureDestination");
    explain(this.function, "failures", reason);
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

const defined = (environment: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
