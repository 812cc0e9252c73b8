import { invalidParameter, notFound } from "./api/errors.ts";
import type { Application, Endpoint, Subscription, Topic } from "./types.ts";

/** Everything in this SNS by ARN, and its account and Region. */
export class Store {
  readonly applications = new Map<string, Application>();
  readonly endpoints = new Map<string, Endpoint>();
  readonly topics = new Map<string, Topic>();
  readonly subscriptions = new Map<string, Subscription>();
  /** By application ARN and token. */
  readonly #byToken = new Map<string, Endpoint>();
  readonly #prefix: string;

  constructor(region: string, account: string) {
    this.#prefix = `arn:aws:sns:${region}:${account}:`;
  }

  arn(relative: string): string {
    return this.#prefix + relative;
  }

  application(arn: string): Application {
    relativePart("PlatformApplicationArn", arn, 3);
    const application = this.applications.get(arn);
    if (application === undefined) throw notFound("PlatformApplication does not exist");
    return application;
  }

  endpoint(arn: string): Endpoint {
    relativePart("EndpointArn", arn, 4);
    const endpoint = this.endpoints.get(arn);
    if (endpoint === undefined) throw notFound("Endpoint does not exist");
    return endpoint;
  }

  topic(arn: string): Topic {
    relativePart("TopicArn", arn, 1);
    const topic = this.topics.get(arn);
    if (topic === undefined) throw notFound("Topic does not exist");
    return topic;
  }

  findByToken(application: Application, token: string): Endpoint | undefined {
    return this.#byToken.get(`${application.arn} ${token}`);
  }

  putEndpoint(endpoint: Endpoint): void {
    this.endpoints.set(endpoint.arn, endpoint);
    this.#byToken.set(`${endpoint.application.arn} ${endpoint.attributes.get("Token") ?? ""}`, endpoint);
  }

  removeEndpoint(endpoint: Endpoint): void {
    this.endpoints.delete(endpoint.arn);
    this.#byToken.delete(`${endpoint.application.arn} ${endpoint.attributes.get("Token") ?? ""}`);
  }

  subscription(arn: string): Subscription {
    const subscription = this.subscriptions.get(arn);
    if (subscription === undefined) throw notFound("Subscription does not exist");
    return subscription;
  }
}

/** Checks the format of an ARN as SNS does; `parts` is the number of parts between slashes. */
function relativePart(parameter: string, arn: string, parts: number): void {
  const elements = arn.split(":");
  if (elements.length < 6) {
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${elements.length}`);
  }
  if (elements.slice(5).join(":").split("/").length !== parts) {
    throw invalidParameter(`${parameter} Reason: Wrong number of slashes in relative portion of the ARN.`);
  }
}
