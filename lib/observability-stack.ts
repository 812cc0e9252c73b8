import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { alarmActions } from "./observability/alarm-topic.ts";
import { Canary } from "./functions/canary.ts";
import { CredentialWatch } from "./functions/credential-watch.ts";
import { PostHistory } from "./functions/post-history.ts";
import { ServiceDashboard } from "./observability/dashboard.ts";
import { ServiceAlarms } from "./observability/service-alarms.ts";
import { platformsOf, type Watched } from "./observability/service-metrics.ts";
import { StatusPage } from "./functions/status-page.ts";
import type { Parts } from "./functions/shared/parts.ts";
import type { PublicApi } from "./api/web-api.ts";
import type { Functions } from "./functions.ts";
import type { Provisioning } from "./functions/provisioning.ts";

export interface ObservabilityStackProps
  extends StackProps,
    Omit<Parts<"pbxApi" | "applications" | "canaryPhone">, "config"> {
  readonly publicApi: PublicApi;
  readonly functions: Functions;
  readonly provisioning: Provisioning;
  /** URL that the canary connects to. */
  readonly openUrl: string;
}

/** Shows operators and users what is wrong: canary, credential watch, recent posts, alarms, dashboard, status page. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, props: ObservabilityStackProps) {
    const { tables, pbxApi, publicApi, functions, provisioning, applications, canaryPhone, openUrl, ...stack } = props;
    super(scope, id, stack);
    const canary = new Canary(this, { config, tables, openUrl, canaryPhone, applications });
    const { push, registration } = functions;
    const logs = { pushLogs: push.logGroup, registrationLogs: registration.logGroup };
    const history = config.recentPosts ? [new PostHistory(this, { config, tables, ...logs })] : [];
    const watch = new CredentialWatch(this, { config, applications });
    const status: StatusPage = new StatusPage(this, { config, pages: registration.function, alarms: () => alarms });
    status.addRoutes(publicApi.api);
    const { checks, mails, feedback } = functions;
    const watched: Watched = {
      config,
      pbxApi,
      publicApi,
      functions: [...functions.all, provisioning.function, canary, watch, status, ...history],
      tables,
      queues: { checks: checks.queue, mails: mails.queue, feedback: feedback.queue },
      deadLetters: {
        checks: checks.deadLetters,
        mails: mails.deadLetters,
        feedback: feedback.deadLetters,
        provisioning: provisioning.deadLetters,
      },
      platforms: platformsOf(config),
    };
    const alarms: ServiceAlarms = new ServiceAlarms(this, "Alarms", watched, alarmActions(this, config));
    const dashboard = new ServiceDashboard(this, "Dashboard", watched, alarms.all);
    new CfnOutput(this, "DashboardName", { value: dashboard.dashboardName, description: "Dashboard in CloudWatch" });
  }
}
