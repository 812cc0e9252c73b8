import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { alarmActions } from "./observability/alarm-topic.ts";
import { Canary } from "./functions/canary.ts";
import { CredentialWatch } from "./functions/credential-watch.ts";
import { ServiceDashboard } from "./observability/dashboard.ts";
import { ServiceAlarms } from "./observability/service-alarms.ts";
import { platformsOf, type Watched } from "./observability/service-metrics.ts";
import { StatusPage } from "./functions/status-page.ts";
import type { DataStack } from "./data-stack.ts";
import type { ServiceStack } from "./service-stack.ts";

export interface ObservabilityStackProps extends StackProps {
  readonly data: DataStack;
  readonly service: ServiceStack;
}

/** How operators and users learn what is wrong: canary, credential watch, alarms, dashboard, status page. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, { data, service, ...props }: ObservabilityStackProps) {
    super(scope, id, props);
    const { functions, provisioning, applications, pbxApi, history } = service;
    const canary = new Canary(this, config, data, service);
    const watch = new CredentialWatch(this, config, applications);
    const status: StatusPage = new StatusPage(this, config, () => alarms);
    status.serve(service.publicApi.api);
    const { checks, mails, feedback } = functions;
    const watched: Watched = {
      config,
      pbxApi,
      publicApi: service.publicApi,
      functions: [...functions.all, provisioning.function, canary, watch, status, ...(history ? [history] : [])],
      tables: { secrets: data.secrets, core: data.core, sessions: data.sessions },
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
