import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Created, Provider, ResourceRequest } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import type { Services } from "../iam/services.ts";
import type { LambdaFunction } from "../lambda/pool.ts";
import type { Queue } from "../sqs/queue.ts";
import { startSchedule } from "./schedule.ts";

export interface ScheduleParts extends Pick<Services, "maySchedule"> {
  readonly findFunction: (arn: string) => LambdaFunction | undefined;
  readonly queue: (arn: string) => Queue | undefined;
  /** Starts something once all resources exist. */
  readonly later: (start: () => { stop(): void }) => void;
  /** Registers what runs on a schedule, so that it can also be run on demand. */
  readonly onSchedule: (run: () => Promise<void>) => void;
  /** Reports what is created but never runs here. */
  readonly notRun: (what: string) => void;
}

const target = v.object({ Arn: v.string(), Input: v.optional(v.string()), RoleArn: v.optional(v.string()) });
const rule = v.object({
  Name: v.optional(v.string()),
  ScheduleExpression: v.optional(v.string()),
  State: v.optional(v.string(), "ENABLED"),
  Targets: v.optional(
    v.array(v.object({ ...target.entries, InputTransformer: v.optional(v.undefined("is not applied here")) })),
    [],
  ),
});
const schedule = v.object({
  Name: v.optional(v.string()),
  ScheduleExpression: v.string(),
  State: v.optional(v.string(), "ENABLED"),
  Target: target,
});
type Target = v.InferOutput<typeof target>;

export function scheduleResources(parts: ScheduleParts): Readonly<Record<string, Provider>> {
  const start = (
    request: ResourceRequest,
    expression: string,
    targets: readonly Target[],
    source: string,
    own: string,
  ) => {
    const deliveries = targets.map((each) => delivery(parts, request, each, own));
    const run = async () => {
      const event = scheduledEvent(request, source, own);
      await Promise.all(deliveries.map((deliver) => deliver(event)));
    };
    parts.onSchedule(run);
    parts.later(() => {
      try {
        return { stop: startSchedule(expression, () => void run()) };
      } catch (error) {
        throw cannotRun(request, error instanceof Error ? error.message : String(error));
      }
    });
  };

  return {
    "AWS::Events::Rule"(request): Created {
      const { Name, ScheduleExpression, State, Targets } = read(rule, request);
      const name = Name ?? request.generatedName;
      const ruleArn = arn(request.stack, "events", `rule/${name}`);
      if (ScheduleExpression === undefined) parts.notRun(`events that rule ${request.logicalId} waits for`);
      else if (State === "ENABLED") start(request, ScheduleExpression, Targets, "aws.events", ruleArn);
      return { ref: name, attributes: { Arn: ruleArn } };
    },

    "AWS::Scheduler::Schedule"(request): Created {
      const { Name, ScheduleExpression, State, Target } = read(schedule, request);
      const name = Name ?? request.generatedName;
      const scheduleArn = arn(request.stack, "scheduler", `schedule/default/${name}`);
      if (State === "ENABLED") start(request, ScheduleExpression, [Target], "aws.scheduler", scheduleArn);
      return { ref: name, attributes: { Arn: scheduleArn } };
    },
  };
}

type Deliver = (event: object) => unknown;

function delivery(
  parts: ScheduleParts,
  request: ResourceRequest,
  { Arn, Input, RoleArn }: Target,
  own: string,
): Deliver {
  const lambda = parts.findFunction(Arn);
  if (lambda !== undefined)
    return (event) =>
      parts.maySchedule("lambda:InvokeFunction", Arn, own, RoleArn) &&
      lambda.invoke(Input === undefined ? event : JSON.parse(Input));
  const queue = parts.queue(Arn);
  if (queue !== undefined)
    return (event) =>
      parts.maySchedule("sqs:SendMessage", Arn, own, RoleArn) && queue.send(Input ?? JSON.stringify(event));
  throw cannotRun(request, `its target ${Arn} is neither a function nor a queue`);
}

const scheduledEvent = ({ stack }: ResourceRequest, source: string, own: string) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source,
  account: stack.accountId,
  time: new Date().toISOString(),
  region: stack.region,
  resources: [own],
  detail: {},
});
