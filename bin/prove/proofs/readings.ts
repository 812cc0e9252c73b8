import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  paginateDescribeLogGroups,
  type LogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { paginateListServiceQuotas, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { PATIENT } from "../../shared/credentials.ts";
import { madeUpPushes } from "./pushes.ts";
import { pause } from "../socket.ts";
import type { Target } from "../target.ts";
import { notTried, once, proven, refuted, type Means, type Proof, type Verdict } from "../means.ts";

const NO_STAGE = notTried("needs the stage's account: leave --url out");

type Stage = NonNullable<Target["stage"]>;

const reading =
  (read: (stage: Stage) => Promise<Verdict>): Proof =>
  ({ target: { stage } }) =>
    stage === undefined ? Promise.resolve(NO_STAGE) : read(stage);

/** The canary tries it every minute; its alarm fires if most runs failed, or none took place. */
const byCanary = reading(async ({ name, region }) => {
  const client = new CloudWatchClient({ region, ...PATIENT });
  try {
    const alarm = `push-${name}-canary`;
    const { MetricAlarms: [found] = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
    if (found === undefined) return notTried(`there is no alarm ${alarm}`);
    if (found.StateValue === "OK") return proven("the canary's runs succeed");
    return notTried(`${alarm} says ${found.StateValue}: the canary's log names the step that fails`);
  } finally {
    client.destroy();
  }
});

/** Whether all resources of a type in one of the stage's stacks were created. */
const made = (stack: string, type: string): Proof =>
  reading(async ({ name, region }) => {
    const client = new CloudFormationClient({ region, ...PATIENT });
    try {
      const states: string[] = [];
      for await (const { StackResourceSummaries = [] } of paginateListStackResources(
        { client },
        { StackName: `push-${name}-${stack}` },
      ))
        for (const { ResourceType, ResourceStatus = "" } of StackResourceSummaries)
          if (ResourceType === type) states.push(ResourceStatus);
      if (states.length === 0) return notTried(`push-${name}-${stack} has no ${type}`);
      const failed = states.find((state) => !/^(CREATE|UPDATE)_COMPLETE$/u.test(state));
      return failed === undefined ? proven(`${type}: ${states[0] ?? ""}`) : refuted(failed);
    } finally {
      client.destroy();
    }
  });

const LOOK_EVERY_MS = 5_000;

/** Where SNS logs the failed delivery of a push to a made-up token: in our groups, with their retention and key, or in its own. */
const deliveryLogs: Proof = once(async (means) =>
  means.target.stage === undefined ? NO_STAGE : deliveryLogsAfter(means, await madeUpPushes(means)),
);

/** The same after a push to a made-up token. */
export async function deliveryLogsAfter({ target, patienceMs }: Means, pushed: Verdict): Promise<Verdict> {
  if (target.stage === undefined) return NO_STAGE;
  if (pushed.verdict !== "proven") return notTried(`nothing to log: ${pushed.why}`);
  const { name, region } = target.stage;
  const since = Date.now() - 60_000; // the push, and clocks that differ
  const client = new CloudWatchLogsClient({ region, ...PATIENT });
  try {
    for (let waited = 0; waited < patienceMs; waited += LOOK_EVERY_MS) {
      const groups: LogGroup[] = [];
      for await (const { logGroups = [] } of paginateDescribeLogGroups(
        { client },
        { logGroupNamePrefix: `sns/${region}/` },
      ))
        groups.push(...logGroups.filter(({ logGroupName = "" }) => logGroupName.includes(`/push-${name}-`)));
      const own = groups.find(
        ({ retentionInDays, kmsKeyId }) => retentionInDays === undefined || kmsKeyId === undefined,
      );
      if (own !== undefined) return refuted(`${own.logGroupName ?? ""} has no retention or no key: SNS made it`);
      for (const { logGroupName = "" } of groups.filter((group) => group.logGroupName?.endsWith("/Failure"))) {
        const newest = new DescribeLogStreamsCommand({
          logGroupName,
          orderBy: "LastEventTime",
          descending: true,
          limit: 1,
        });
        const { logStreams: [stream] = [] } = await client.send(newest);
        if ((stream?.creationTime ?? 0) > since || (stream?.lastIngestionTime ?? 0) > since)
          return proven(`SNS wrote to ${logGroupName}`);
      }
      if (waited + LOOK_EVERY_MS < patienceMs) await pause(LOOK_EVERY_MS);
    }
    return refuted(`no failed delivery was logged under sns/${region}/ within ${patienceMs / 1_000} s`);
  } finally {
    client.destroy();
  }
}

/** What reading the account alone can prove. By their ids in docs/unproven.md. */
export const readings: Readonly<Record<string, Proof>> = {
  "publish-target": byCanary,
  "leading-keys": byCanary,

  "disabled-publish": byCanary,
  "lean-calls": byCanary,

  "alias-service-token": made("service", "Custom::TokenKey"),
  "multi-region-key": made("data", "AWS::KMS::Key"),
  "stack-output": made("edge", "AWS::CloudFront::Distribution"),

  "delivery-log-role": deliveryLogs,
  "delivery-logs": deliveryLogs,

  "endpoint-quota": reading(async ({ region }) => {
    const client = new ServiceQuotasClient({ region, ...PATIENT });
    try {
      const names: string[] = [];
      for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: "sns" }))
        names.push(...Quotas.map(({ QuotaName = "" }) => QuotaName));
      const told = names.filter((name) => /endpoint/iu.test(name));
      return told.length === 0
        ? proven(`none of ${names.length} quotas of SNS is of endpoints`)
        : refuted(told.join(", "));
    } finally {
      client.destroy();
    }
  }),
};
