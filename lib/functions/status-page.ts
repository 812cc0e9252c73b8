import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Lazy } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import { ReasonedPolicy } from "../policies/reasoned-policy.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";
import { platformsOf } from "../observability/service-metrics.ts";
import type { ServiceAlarms } from "../observability/service-alarms.ts";

/** Has its own style sheet and icon: the page is needed most when the function of the other pages is down. */
const paths = {
  Page: "/push/status",
  Json: "/push/status.json",
  Style: "/push/status/style.css",
  Icon: "/push/status/icon.svg",
} as const;

export interface StatusPageProps {
  readonly config: StageConfig;
  /** The function that serves the other pages. */
  readonly pages: IFunction;
  /** Known once everything that alarms watch exists, including this page. */
  readonly alarms: () => ServiceAlarms;
}

/** The public status page. It reads alarms and metrics only. */
export class StatusPage extends ServiceFunction<"status"> {
  constructor(scope: Construct, { config, pages, alarms }: StatusPageProps) {
    super(scope, "status", {
      config,
      environment: {
        OPERATOR: JSON.stringify(config.operator),
        ALARMS: Lazy.string({ produce: () => JSON.stringify(alarms().components) }),
        PLATFORMS: JSON.stringify(platformsOf(config)),
        PAGES_FUNCTION: pages.functionName,
      },
      failures: ANSWERED,
    });
    const reason =
      "GetMetricData takes no resource (Service Authorization Reference), DescribeAlarms filters after it has listed.";
    new ReasonedPolicy(this, "Look", this.role, reason, {
      actions: ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"],
      resources: ["*"],
    });
  }

  addRoutes(api: HttpApi): void {
    for (const [name, path] of Object.entries(paths))
      for (const method of [HttpMethod.GET, HttpMethod.HEAD]) {
        const route = new HttpRoute(this, `${name}${method}`, {
          httpApi: api,
          routeKey: HttpRouteKey.with(path, method),
          integration: new HttpLambdaIntegration("Integration", this.alias),
        });
        acknowledge(route, "The status is public and contains nothing about any customer.", "AwsSolutions-APIG4");
      }
  }
}
