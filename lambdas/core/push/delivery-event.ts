/** What SNS reports after a Publish (Amazon SNS developer guide, Mobile push notification events). */
export interface DeliveryEvent {
  readonly endpointArn: string;
  /** `DeliveryFailure`, `EndpointCreated`, `EndpointUpdated`, `EndpointDeleted`. */
  readonly event: string;
  /** Type of a delivery failure, e.g. `InvalidPlatformToken`; empty otherwise. */
  readonly failure: string;
  /** Unix ms. */
  readonly at: number;
  /** Whether SNS gave the time. If not, `at` is when we received it, which is later for every redelivery. */
  readonly dated: boolean;
}

/** What an event means for the device row. */
export type DeliveryOutcome = "gone" | "endpoint-lost" | "bad-message" | "none";

const OUTCOMES: ReadonlyMap<string, DeliveryOutcome> = new Map([
  ["InvalidPlatformToken", "gone"],
  ["EndpointDisabled", "gone"],
  ["EndpointNotFound", "endpoint-lost"],
  ["InvalidNotification", "bad-message"],
]);

export const outcomeOf = ({ event, failure }: DeliveryEvent): DeliveryOutcome =>
  event === "EndpointDeleted" ? "endpoint-lost" : (OUTCOMES.get(failure) ?? "none");

/** Whether SNS or the vendor gave up a message whose token may be good: an outage, an expired or a rejected message. */
export const isDeliveryTrouble = (feedback: DeliveryEvent): boolean => {
  const lesson = outcomeOf(feedback);
  return feedback.event === "DeliveryFailure" && (lesson === "none" || lesson === "bad-message");
};

/** Platform in an endpoint's ARN: `arn:aws:sns:REGION:ACCOUNT:endpoint/PLATFORM/APP/ID`. */
export const platformOf = (endpointArn: string): string => endpointArn.split("/")[1] ?? "unknown";

/**
 * Reads one event message, alone or in SNS's envelope; undefined if it is not one. Does not read attributes, which hold
 * tokens in clear.
 */
export function parseDeliveryEvent(message: unknown, receivedAt: number): DeliveryEvent | undefined {
  if (!isObject(message)) return undefined;
  if (message["Type"] === "Notification") return parseDeliveryEvent(parseJson(message["Message"]), receivedAt);
  const { EndpointArn: endpointArn, EventType: event, FailureType: failure, Time: time } = message;
  if (typeof endpointArn !== "string" || typeof event !== "string") return undefined;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  const dated = !Number.isNaN(at);
  return {
    endpointArn,
    event,
    failure: typeof failure === "string" ? failure : "",
    at: dated ? at : receivedAt,
    dated,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
