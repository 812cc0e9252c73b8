import type { LambdaFunction } from "../lambda/pool.ts";

/** An API as the template's resources describe it, assembled while they are created. */
export interface ApiDefinition {
  readonly id: string;
  readonly name: string;
  readonly protocol: "WEBSOCKET" | "HTTP";
  /** `$request.body.mt` */
  readonly selection: string;
  readonly region: string;
  readonly accountId: string;
  readonly routes: Map<string, RouteDefinition>;
  readonly integrations: Map<string, IntegrationDefinition>;
  stage?: StageDefinition;
}

interface RouteDefinition {
  readonly key: string;
  readonly integrationId: string;
  readonly iam: boolean;
  /** Whether the integration's answer is sent back on the socket. */
  responds: boolean;
}

interface IntegrationDefinition {
  /** The function of an AWS_PROXY integration; absent for MOCK. */
  readonly target?: LambdaFunction;
  readonly mock: MockDefinition;
}

export interface MockDefinition {
  readonly requestTemplates: Templates;
  /** By integration response key: `$default`, or a regular expression for the status between slashes: `/200/`. */
  readonly responses: Map<string, Templates>;
}

export interface Templates {
  readonly byKey: Readonly<Record<string, string>>;
  /** The chosen key; absent: `$default`. */
  readonly selection?: string;
}

export interface Throttle {
  /** Requests per second; absent: unlimited. */
  readonly rate?: number;
  readonly burst?: number;
}

export interface StageDefinition {
  readonly name: string;
  readonly throttle: Throttle;
  /** By route key. */
  readonly routeThrottles: ReadonlyMap<string, Throttle>;
}

/** Host name of the API on AWS. */
export const apiHost = ({ id, region }: Pick<ApiDefinition, "id" | "region">) =>
  `${id}.execute-api.${region}.amazonaws.com`;
