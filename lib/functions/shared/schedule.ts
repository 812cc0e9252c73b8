import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction, SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Construct } from "constructs";
import type { Entrypoint } from "../../../lambdas/env.ts";
import { acknowledge } from "../../policies/acknowledge.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { WorkQueue } from "../../queues/work-queue.ts";

const NEXT_ONE = "The event says only that it is time, and the next one says so again.";

/** Runs a function on a schedule. Neither EventBridge nor Lambda retries a run: a missed one is no use later. */
export function scheduleEvery(time: Duration, run: ServiceFunction<Entrypoint>): void {
  run.alias.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  acknowledge(run.alias, NEXT_ONE, "Serverless-LambdaAsyncFailureDestination");
  startEvery(time, run);
}

/** The same for a function that also has other events, which Lambda should retry. */
export function startEvery(time: Duration, run: ServiceFunction<Entrypoint>): void {
  const rule = new Rule(run, "Schedule", {
    schedule: Schedule.rate(time),
    targets: [new LambdaFunction(run.alias, { retryAttempts: 0 })],
  });
  acknowledge(rule, NEXT_ONE, "Serverless-EventBusDLQ");
}

/** Puts a message into a queue once a day. It is retried and kept like any other message there. */
export function scheduleDaily(scope: Construct, id: string, work: WorkQueue, message: object): void {
  new Rule(scope, id, {
    schedule: Schedule.rate(Duration.days(1)),
    targets: [
      new SqsQueue(work.queue, { message: RuleTargetInput.fromObject(message), deadLetterQueue: work.deadLetters }),
    ],
  });
}
