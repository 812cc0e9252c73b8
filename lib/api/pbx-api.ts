import { Stack } from "aws-cdk-lib";
import {
  CfnIntegrationResponse,
  CfnStage,
  WebSocketApi,
  WebSocketIntegration,
  WebSocketRoute,
  WebSocketStage,
} from "aws-cdk-lib/aws-apigatewayv2";
import { WebSocketLambdaIntegration, WebSocketMockIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Entrypoint } from "../../lambdas/env.ts";
import type { StageConfig } from "../config.ts";
import type { ServiceFunction } from "../functions/shared/service-function.ts";
import { acknowledge } from "../policies/acknowledge.ts";
import { ReasonedPolicy } from "../policies/reasoned-policy.ts";
import { SOCKET_STAGE } from "./viewer-request.ts";

type Throttle = Exclude<keyof StageConfig["throttles"], "web" | "admin">;

interface Route {
  readonly function: "session" | "push" | "keepAlive";
  /** Whether the route response sends a frame back. */
  readonly answers: boolean;
  readonly throttle: Throttle;
}

/** A route for each message of the protocol (docs/protocol.md); anything else is `$default`. */
const routes: Readonly<Record<string, Route>> = {
  $connect: { function: "session", answers: false, throttle: "connect" },
  $disconnect: { function: "session", answers: false, throttle: "connect" },
  $default: { function: "session", answers: true, throttle: "other" },
  CheckBuild: { function: "session", answers: true, throttle: "login" },
  AppChallenge: { function: "session", answers: true, throttle: "login" },
  AppLogin: { function: "session", answers: true, throttle: "login" },
  PbxInfo: { function: "session", answers: false, throttle: "login" },
  AppInfo: { function: "session", answers: true, throttle: "other" },
  KeepAlive: { function: "keepAlive", answers: true, throttle: "keepAlive" },
  PushNotifyPost: { function: "push", answers: true, throttle: "post" },
};

/** Routes with detailed metrics (billed): a PBX sends KeepAlive every minute, so they count open connections. */
const DETAILED: ReadonlySet<string> = new Set(["KeepAlive"]);
const MOCK = "KeepAliveIntegration";

/** The WebSocket API that PBXes connect to. Routes are added once the functions that serve them exist. */
export class PbxApi extends Construct {
  readonly api: WebSocketApi;
  readonly #stage: WebSocketStage;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    this.#config = config;
    this.api = new WebSocketApi(this, "Api", {
      apiName: Stack.of(this).stackName,
      description: `Push service, stage ${config.name}: PBXes`,
      routeSelectionExpression: "$request.body.mt",
    });
    this.#stage = new WebSocketStage(this, "Stage", {
      webSocketApi: this.api,
      stageName: SOCKET_STAGE,
      autoDeploy: true,
      throttle: { rateLimit: config.throttles.other.rate, burstLimit: config.throttles.other.burst },
    });
    acknowledge(
      this.#stage,
      "An access log costs a line for each KeepAlive, the largest part of all frames; the functions log what matters.",
      "AwsSolutions-APIG1",
      "Serverless-APIGWAccessLogging",
      "Serverless-APIGWStructuredLogging",
    );
    acknowledge(
      this.#stage,
      "WebSocket APIs offer no tracing: AWS::ApiGatewayV2::Stage has no setting for it.",
      "Serverless-APIGWXrayEnabled",
    );
  }

  get stageName(): string {
    return SOCKET_STAGE;
  }

  /** Domain that serves the API, without scheme or path. */
  get domain(): string {
    const { region, urlSuffix } = Stack.of(this);
    return `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
  }

  /** Base of `@connections`, and the only path that accepts connections in a stage without a host name. */
  get url(): string {
    return `https://${this.domain}/${SOCKET_STAGE}`;
  }

  addRoutes(session: IAlias, push: IAlias): void {
    const bySession = new WebSocketLambdaIntegration("SessionIntegration", session);
    const integrations = {
      session: bySession,
      push: new WebSocketLambdaIntegration("PushIntegration", push),
      keepAlive: this.#config.keepAlive === "mock" ? this.#mockKeepAlive() : bySession,
    };
    for (const [routeKey, { function: by, answers }] of Object.entries(routes)) {
      const name = routeKey.replace(/^\$(.)/u, (_, first: string) => first.toUpperCase());
      const route = new WebSocketRoute(this, name, {
        webSocketApi: this.api,
        routeKey,
        integration: integrations[by],
        returnResponse: answers,
      });
      if (by === "keepAlive" && this.#config.keepAlive === "mock") this.#answerKeepAlive(route);
    }
    acknowledge(
      this,
      "A PBX authenticates with AppLogin's digest over a challenge, inside the socket.",
      "AwsSolutions-APIG4",
    );
    this.#throttleRoutes();
  }

  /** Lets a function close connections, nothing else. */
  grantCloseConnections(caller: ServiceFunction<Entrypoint>): void {
    this.#grantConnections(caller, "CloseConnections", "DELETE");
  }

  /** Lets a function read connection details, nothing else. */
  grantReadConnections(caller: ServiceFunction<Entrypoint>): void {
    this.#grantConnections(caller, "LookAtConnections", "GET");
  }

  #grantConnections(caller: ServiceFunction<Entrypoint>, id: string, method: "GET" | "DELETE"): void {
    const reason = "A connection's id is made by API Gateway; this names one API, one stage and no method that sends.";
    new ReasonedPolicy(caller, id, caller.role, reason, {
      actions: ["execute-api:ManageConnections"],
      resources: [
        Stack.of(this).formatArn({
          service: "execute-api",
          resource: this.api.apiId,
          resourceName: `${SOCKET_STAGE}/${method}/@connections/*`,
        }),
      ],
    });
  }

  #mockKeepAlive(): WebSocketMockIntegration {
    return new WebSocketMockIntegration(MOCK, {
      requestTemplates: { "200": '{"statusCode":200}' },
      templateSelectionExpression: "200",
    });
  }

  /**
   * The key is `$default` or a regular expression between slashes over the integration's status (API Gateway developer
   * guide, "WebSocket API integration responses"). A published stack that works uses the latter, so we define both.
   */
  #answerKeepAlive(route: WebSocketRoute): void {
    const integration = route.node.findChild(MOCK);
    if (!(integration instanceof WebSocketIntegration)) throw new Error("KeepAlive has no integration");
    for (const [name, integrationResponseKey] of Object.entries({ Default: "$default", Ok: "/200/" }))
      new CfnIntegrationResponse(route, `Answer${name}`, {
        apiId: this.api.apiId,
        integrationId: integration.integrationId,
        integrationResponseKey,
        responseTemplates: { "200": '{"mt":"KeepAliveResult"}' },
        templateSelectionExpression: "200",
      });
  }

  #throttleRoutes(): void {
    const stage = this.#stage.node.defaultChild;
    if (!(stage instanceof CfnStage)) throw new Error("WebSocketStage without CfnStage");
    const settings = Object.entries(routes).map(([key, { throttle }]) => {
      const { rate, burst } = this.#config.throttles[throttle];
      const detailed = DETAILED.has(key) && { DetailedMetricsEnabled: true };
      return [key, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, ...detailed }] as const;
    });
    stage.addPropertyOverride("RouteSettings", Object.fromEntries(settings));
    stage.addPropertyOverride("DefaultRouteSettings.DataTraceEnabled", false);
    stage.addPropertyOverride("DefaultRouteSettings.LoggingLevel", "OFF");
    // API Gateway refuses settings for a route that does not exist yet.
    for (const child of this.node.children) if (child instanceof WebSocketRoute) stage.node.addDependency(child);
  }
}
