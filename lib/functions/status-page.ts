import { type HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Lazy } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import { ReasonedPolicy } from "../policies/reasoned-policy.ts";
import { ANSWERED, ServiceFunction } from "./shared/service-function.ts";
import { platformsOf } from "../observability/service-metrics.ts";
import type { Severity } from "../observability/service-alarm.ts";
import type { ServiceAlarms } from "../observability/service-alarms.ts";

const paths = { Page: "/push/status", Json: "/push/status.json" } as const;

/**
 * The public status, served beside the other pages; it reads alarms and metrics and nothing else.
 * @param alarms known only when everything exists that alarms watch, this page among it
 */
export class StatusPage extends ServiceFunction<"status"> {
  constructor(scope: Construct, config: StageConfig, alarms: () => ServiceAlarms) {
    const names = (severity: Severity) => Lazy.string({ produce: () => JSON.stringify(alarms().names(severity)) });
    super(scope, "status", {
      config,
      environment: {
        DOWN_ALARMS: names("down"),
        DEGRADED_ALARMS: names("degraded"),
        PLATFORMS: JSON.stringify(platformsOf(config)),
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
        acknowledge(route, "The status is for everybody and tells nothing about anybody.", "AwsSolutions-APIG4");
      }
  }
}
