import { Duration } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Entrypoint } from "../../lambdas/env.ts";
import { FAILURES } from "./alarms-calls.ts";
import type { AlarmPlan } from "./service-alarm.ts";
import type { ServiceMetrics, Watched } from "./service-metrics.ts";

/** Age in s from which a message is late: the links of registration emails expire after 30 minutes. */
export const LATE_MESSAGE = 600;
/** Enough days to get a new credential from Apple, Google or a certificate authority. */
export const EXPIRES_SOON_DAYS = 30;
/** SES reviews an account at 5 % bounces or 0.1 % complaints; the alarm fires at this percentage of that. */
export const REPUTATION = 80;
/** The watch runs hourly: this period holds a run even if one was late or failed. */
const LOOKS = Duration.hours(3);

/** Alarms on background work, and on what will cause trouble later. */
export function backgroundAlarms(
  metrics: ServiceMetrics,
  { queues: { mails, ...others }, deadLetters, functions }: Watched,
): readonly AlarmPlan[] {
  const ifAny = (name: Entrypoint) => (functions.some(({ entrypoint }) => entrypoint === name) ? [name] : []);
  const worst = (name: string, of: Readonly<Record<string, Queue>>, label: string) => {
    const each = Object.values(of).map((queue, index) => [`q${index}`, metrics.queue(name, queue)] as const);
    return metrics.math(`MAX([${each.map(([id]) => id).join(", ")}])`, Object.fromEntries(each), label);
  };
  return [
    {
      id: "emails-fail",
      degrades: ["email"],
      impact: "Emails fail and are tried again: they come late, and people wait for their links.",
      runbook: "background-fails",
      metric: metrics.failures(["mail"]),
      threshold: 5,
    },
    {
      id: "background-fails",
      impact: "Token feedback, clean-up or recent posts fail and are tried again: dead tokens stay.",
      runbook: "background-fails",
      metric: metrics.failures(["events", "housekeeping", ...ifAny("history")]),
      threshold: 5,
    },
    {
      id: "upkeep-fails",
      impact: "Operators' commands, the upkeep of credentials or the canary crash; pushes go on.",
      runbook: "upkeep-fails",
      metric: metrics.failures(["admin", "provisioning", "watch", "canary"]),
      threshold: 3,
    },
    ...ifAny("console").map(
      (name): AlarmPlan => ({
        id: "console-fails",
        impact: "Push Admin answers with errors: support people and operators cannot use it; pushes go on.",
        runbook: "console-fails",
        metric: metrics.failures([name]),
        threshold: FAILURES,
      }),
    ),
    {
      id: "emails-late",
      degrades: ["email"],
      impact: "Emails come late: links to register a domain may have expired before they arrive.",
      runbook: "queues-late",
      metric: metrics.queue("ApproximateAgeOfOldestMessage", mails, "oldest email in s"),
      threshold: LATE_MESSAGE,
    },
    {
      id: "queues-late",
      impact: "Delivery events or checks of connections wait: dead tokens and ended connections stay.",
      runbook: "queues-late",
      metric: worst("ApproximateAgeOfOldestMessage", others, "oldest message in s"),
      threshold: LATE_MESSAGE,
    },
    {
      id: "dead-letters",
      impact: "Some emails, feedback or checks were given up. A user may be waiting for an email that will not arrive.",
      runbook: "dead-letters",
      metric: worst("ApproximateNumberOfMessagesVisible", deadLetters, "messages given up"),
      threshold: 1,
    },
    {
      id: "mail-reputation",
      impact: "Too many emails bounce or draw complaints: SES may stop our sending, and then nobody can register.",
      runbook: "mail-reputation",
      metric: metrics.math(
        "MAX([bounces / 0.05, complaints / 0.001]) * 100",
        {
          bounces: metrics.mail("Reputation.BounceRate", "Maximum"),
          complaints: metrics.mail("Reputation.ComplaintRate", "Maximum"),
        },
        "% of SES's limit",
      ),
      threshold: REPUTATION,
    },
    {
      id: "credential-expires",
      impact: `A credential or certificate expires within ${EXPIRES_SOON_DAYS} days; then an app's phones, or all PBXes, are cut off.`,
      runbook: "credential-expires",
      metric: metrics.own("CredentialDaysLeft", "Minimum").with({ period: LOOKS }),
      threshold: EXPIRES_SOON_DAYS,
      below: true,
    },
    {
      id: "credential-invalid",
      impact:
        "A credential does not work any more: SNS has switched the app off, or its secret or our certificate cannot be read.",
      runbook: "credential-invalid",
      // One failed check says little, as the certificate is fetched over the network. Two do, even if an hourly period
      // between them has none.
      metric: metrics.own("CredentialInvalid", "Maximum").with({ period: Duration.hours(1) }),
      threshold: 1,
      periods: [2, 3],
    },
    {
      id: "watch-silent",
      impact:
        "Nobody looks at credentials and the certificate: the next one that expires cuts off phones without a warning.",
      runbook: "watch-silent",
      metric: metrics.own("CredentialInvalid", "SampleCount").with({ period: LOOKS }),
      threshold: 1,
      below: true,
      firesWithoutData: true,
    },
    {
      id: "claim-waits",
      impact:
        "Someone claims a domain from its owner by the DNS: an operator has 30 days to decide, then the claim lapses.",
      runbook: "claim-waits",
      // Stays on for a day, so that nobody misses it.
      metric: metrics.own("Ownership", "Sum", { outcome: "claimed" }).with({ period: Duration.days(1) }),
      threshold: 1,
    },
  ];
}
