import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  type IHttpRouteAuthorizer,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import { FilterPattern, LogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { acknowledge } from "../policies/acknowledge.ts";

/** Requests that API Gateway itself throttled, by `ApiId`: AWS's own metric counts them among all other 4xx. */
export const THROTTLED_PAGES = { namespace: "PushService/Logs", name: "PagesThrottled" } as const;

interface HttpFrontProps {
  readonly config: StageConfig;
  readonly description: string;
  readonly throttle: "web" | "admin";
  /** Part of the API's name. */
  readonly part: "pages" | "operator";
}

/** An HTTP API whose access log leaves out path and query, where links in emails carry tickets. */
class HttpFront extends Construct {
  readonly api: HttpApi;
  protected readonly accessLogs: LogGroup;

  constructor(scope: Construct, id: string, { config, description, throttle, part }: HttpFrontProps) {
    super(scope, id);
    const { rate, burst } = config.throttles[throttle];
    this.api = new HttpApi(this, "Api", {
      apiName: `${Stack.of(this).stackName}-${part}`,
      description: `Push service, stage ${config.name}: ${description}`,
      createDefaultStage: false,
    });
    this.accessLogs = new LogGroup(this, "AccessLogs", {
      retention: config.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, "Stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: rate, burstLimit: burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            api: "$context.apiId",
            source: "$context.identity.sourceIp",
            route: "$context.routeKey",
            status: "$context.status",
            integration: "$context.integrationStatus",
            latency: "$context.responseLatency",
            error: "$context.integrationErrorMessage",
          }),
        ),
      },
    });
    acknowledge(stage, "HTTP APIs offer no tracing.", "Serverless-APIGWXrayEnabled");
  }

  /** Domain that serves the API, without scheme or path. */
  get domain(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }

  protected route(path: string, methods: HttpMethod[], alias: IAlias, authorizer?: IHttpRouteAuthorizer): void {
    this.api.addRoutes({
      path,
      methods,
      integration: new HttpLambdaIntegration("Integration", alias),
      ...(authorizer !== undefined && { authorizer }),
    });
  }
}

/** What browsers see: the pages and the registration. */
export class PublicApi extends HttpFront {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, { config, description: "pages and registration", throttle: "web", part: "pages" });
    // Without an integration status the 429 is API Gateway's, not one of ours.
    new MetricFilter(this, "Throttled", {
      logGroup: this.accessLogs,
      metricNamespace: THROTTLED_PAGES.namespace,
      metricName: THROTTLED_PAGES.name,
      dimensions: { ApiId: "$.api" },
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue("$.status", "=", "429"),
        FilterPattern.stringValue("$.integration", "=", "-"),
      ),
    });
  }

  addRoutes(registration: IAlias): void {
    this.route("/push/{proxy+}", [HttpMethod.ANY], registration);
    acknowledge(this, "These pages are public; a link in an email authorizes what they do.", "AwsSolutions-APIG4");
  }

  /** The console, which signs people in by itself. */
  addConsole(console: IAlias): void {
    for (const path of ["/push/admin", "/push/admin/{proxy+}"]) this.route(path, [HttpMethod.ANY], console);
  }
}

/** What the operator's command line calls, signed with AWS credentials. */
export class AdminApi extends HttpFront {
  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id, { config, description: "operator", throttle: "admin", part: "operator" });
  }

  addRoutes(admin: IAlias): void {
    this.route("/{proxy+}", [HttpMethod.ANY], admin, new HttpIamAuthorizer());
  }
}
