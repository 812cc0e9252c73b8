import type { Application, FailureType } from "../types.ts";

/** Endpoint events of a platform application; the attribute `Event<type>` names the topic. */
export type EndpointEvent = "EndpointCreated" | "EndpointUpdated" | "EndpointDeleted";

export interface ApplicationEvent {
  /** ARN of the application. */
  readonly source: string;
  readonly topicArn: string;
  readonly subject: string;
  /** JSON text. */
  readonly message: string;
}

const failureMessages: Readonly<Record<FailureType, string>> = {
  DeliveryFailedPerm: "Delivery to the endpoint failed permanently",
  EndpointDisabled: "Endpoint is disabled",
  EndpointNotFound: "Endpoint was not found",
  InvalidNotification: "Notification body is invalid",
  InvalidPlatformToken: "Platform token associated with the endpoint is not valid",
  NotificationTTLExpired: "Notification TTL expired before it could be delivered",
};

function eventOf(
  application: Application,
  type: EndpointEvent | "DeliveryFailure",
  body: Readonly<Record<string, unknown>>,
): ApplicationEvent | undefined {
  const topicArn = application.attributes.get(`Event${type}`);
  if (topicArn === undefined || topicArn === "") return undefined;
  const subject = `${type} event for app ${application.name} (${application.platform})`;
  return { source: application.arn, topicArn, subject, message: JSON.stringify(body) };
}

/** The event of an endpoint's change, or undefined if the application has no topic for it. `at` in Unix ms. */
export const endpointEvent = (
  application: Application,
  type: EndpointEvent,
  endpointArn: string,
  at: number,
): ApplicationEvent | undefined =>
  eventOf(application, type, {
    EndpointArn: endpointArn,
    EventType: type,
    Resource: application.arn,
    Service: "SNS",
    Time: new Date(at).toISOString(),
  });

/** The event of a push that failed for good after Publish had accepted it. */
export const failureEvent = (
  application: Application,
  failure: {
    readonly endpointArn: string;
    readonly messageId: string;
    readonly type: FailureType;
    readonly at: number;
  },
): ApplicationEvent | undefined =>
  eventOf(application, "DeliveryFailure", {
    DeliveryAttempts: 1,
    EndpointArn: failure.endpointArn,
    EventType: "DeliveryFailure",
    FailureMessage: failureMessages[failure.type],
    FailureType: failure.type,
    MessageId: failure.messageId,
    Resource: application.arn,
    Service: "SNS",
    Time: new Date(failure.at).toISOString(),
  });
