import * as v from "valibot";
import { arn } from "../aws/arn.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";
import type { Services } from "../iam/services.ts";
import type { LambdaFunction } from "../lambda/pool.ts";
import { matching } from "./pattern.ts";
import type { Subscriptions } from "./subscriptions.ts";

export interface LogParts extends Pick<Services, "maySubscribe" | "mayEncryptLogs"> {
  readonly subscriptions: Subscriptions;
  readonly findFunction: (arn: string) => LambdaFunction | undefined;
}

/** Source: CloudWatch Logs User Guide, "CloudWatch Logs quotas". */
const MOST_FILTERS = 2;

const group = v.object({ LogGroupName: v.optional(v.string()), KmsKeyId: v.optional(v.string()) });
const filter = v.object({
  LogGroupName: v.string(),
  FilterPattern: v.string(),
  DestinationArn: v.string(),
  FilterName: v.optional(v.string()),
  RoleArn: v.optional(v.undefined("functions need none")),
});

/**
 * Functions' output is at `/_local/logs`. A log group here is only a name, a check of its key's policy, and
 * subscription filters.
 */
export const logResources = ({
  subscriptions,
  findFunction,
  maySubscribe,
  mayEncryptLogs,
}: LogParts): Readonly<Record<string, Provider>> => ({
  "AWS::Logs::LogGroup"(request) {
    const { LogGroupName: name = request.generatedName, KmsKeyId: key } = read(group, request);
    const groupArn = arn(request.stack, "logs", `log-group:${name}`);
    if (key !== undefined && !mayEncryptLogs(key, groupArn))
      throw cannotRun(request, "the specified KMS key does not exist or is not allowed to be used with LogGroup");
    return { ref: name, attributes: { Arn: `${groupArn}:*` } };
  },

  "AWS::Logs::SubscriptionFilter"(request) {
    const { LogGroupName: logGroup, FilterPattern, DestinationArn, FilterName } = read(filter, request);
    const target = findFunction(DestinationArn);
    if (target === undefined) throw cannotRun(request, `its destination ${DestinationArn} is no function`);
    const matches = matching(FilterPattern);
    if (matches === undefined) throw cannotRun(request, `the pattern ${FilterPattern} is not known here`);
    if (subscriptions.count(logGroup) >= MOST_FILTERS)
      throw cannotRun(request, `a log group has ${MOST_FILTERS} subscription filters at most`);
    // CloudWatch Logs checks this when the filter is created, with this message.
    if (!maySubscribe(DestinationArn, arn(request.stack, "logs", `log-group:${logGroup}:*`)))
      throw cannotRun(
        request,
        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
      );
    const name = FilterName ?? request.generatedName;
    subscriptions.add({ name, logGroup, matches, target, accountId: request.stack.accountId });
    return { ref: name };
  },
});
