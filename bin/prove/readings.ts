import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { paginateListServiceQuotas, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Proof } from "./means.ts";
import type { Target } from "./target.ts";
import { notTried, proven, refuted, type Verdict } from "./verdict.ts";

/** Of every client here: each attempt ends within 8 s. */
const patience = { maxAttempts: 2, requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true } };

type Stage = NonNullable<Target["stage"]>;

const reading =
  (read: (stage: Stage) => Promise<Verdict>): Proof =>
  ({ target: { stage } }) =>
    stage === undefined ? Promise.resolve(notTried("needs the stage's account: leave --url out")) : read(stage);

/** The canary does it every minute; its alarm rings when it failed, or did not run, three times. */
const byCanary = reading(async ({ name, region }) => {
  const client = new CloudWatchClient({ region, ...patience });
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

/** What the account can be asked for by reading alone. By the id that stands in docs/unproven.md. */
export const readings: Readonly<Record<string, Proof>> = {
  "publish-target": byCanary,
  "leading-keys": byCanary,

  "alias-service-token": reading(async ({ name, region }) => {
    const client = new CloudFormationClient({ region, ...patience });
    try {
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: `push-${name}-service` })) {
        const status = StackResourceSummaries.find(({ ResourceType }) => ResourceType === "Custom::TokenKey")?.ResourceStatus;
        if (status !== undefined) return /^(CREATE|UPDATE)_COMPLETE$/u.test(status) ? proven(`Custom::TokenKey: ${status}`) : refuted(status);
      }
      return notTried(`push-${name}-service has no Custom::TokenKey`);
    } finally {
      client.destroy();
    }
  }),

  "endpoint-quota": reading(async ({ region }) => {
    const client = new ServiceQuotasClient({ region, ...patience });
    try {
      const names: string[] = [];
      for await (const { Quotas = [] } of paginateListServiceQuotas({ client }, { ServiceCode: "sns" }))
        names.push(...Quotas.map(({ QuotaName = "" }) => QuotaName));
      const told = names.filter((name) => /endpoint/iu.test(name));
      return told.length === 0 ? proven(`none of ${names.length} quotas of SNS is of endpoints`) : refuted(told.join(", "));
    } finally {
      client.destroy();
    }
  }),
};
