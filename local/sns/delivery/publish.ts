import { randomUUID } from "node:crypto";
import type { Action } from "../api/actions.ts";
import type { Accepted } from "./delivery.ts";
import { AwsError } from "../../aws/protocols.ts";
import { invalidParameter, notFound } from "../api/errors.ts";
import { textFor, ttlOf, vendorBody } from "./message.ts";
import type { Query } from "../api/query.ts";
import type { Store } from "../store.ts";
import type { Endpoint, Message, SnsSettings, Topic } from "../types.ts";

/** A message with its attributes, in bytes. */
const maxMessage = 262_144;

export interface PublishOptions {
  readonly store: Store;
  readonly settings: () => SnsSettings;
  readonly accept: (accepted: Accepted) => void;
  readonly fanOut: (topic: Topic, message: Message) => void;
}

/** Publish: to an endpoint (TargetArn), or to a topic (TopicArn, or TargetArn as AWS allows). */
export function publishAction(options: PublishOptions): Action {
  return (query) => {
    const message = messageOf(query);
    const target = query.text("TargetArn") ?? query.text("TopicArn");
    if (target === undefined) throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
    if (target.split(":")[5]?.startsWith("endpoint/") === true) {
      const endpoint = options.store.endpoints.get(target);
      if (endpoint === undefined) throw missingEndpoint(options.settings().missingEndpoint);
      options.accept(toEndpoint(endpoint, message));
    } else {
      textFor(message, "sqs");
      options.fanOut(options.store.topic(target), message);
    }
    return { MessageId: message.id };
  };
}

function messageOf(query: Query): Message {
  const text = query.required("Message");
  const attributes = query.messageAttributes();
  const structure = query.text("MessageStructure");
  if (text === "") throw invalidParameter("Empty message");
  if (structure !== undefined && structure !== "json") throw invalidParameter("MessageStructure Reason: must be json");
  const parts = [...attributes].flatMap(([name, value]) => [
    name,
    value.DataType,
    value.StringValue ?? value.BinaryValue ?? "",
  ]);
  const size = [text, ...parts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  if (size > maxMessage) throw invalidParameter("Message too long");
  return { id: randomUUID(), text, subject: query.text("Subject"), structured: structure === "json", attributes };
}

function missingEndpoint(code: SnsSettings["missingEndpoint"]): AwsError {
  const message = "No endpoint found for the target arn specified";
  return code === "NotFound" ? notFound(message) : invalidParameter(`TargetArn Reason: ${message}`);
}

/** @throws AwsError if SNS would not accept the message for this endpoint. */
export function toEndpoint(endpoint: Endpoint, message: Message): Accepted {
  const { application } = endpoint;
  if (application.attributes.get("Enabled") !== "true") {
    throw new AwsError("PlatformApplicationDisabled", "Platform application is disabled");
  }
  if (endpoint.attributes.get("Enabled") !== "true") throw new AwsError("EndpointDisabled", "Endpoint is disabled");
  const body = vendorBody(textFor(message, application.platform), application.platform);
  const { attributes, id: messageId } = message;
  const ttl = ttlOf(attributes, application.platform, body);
  return { messageId, endpointArn: endpoint.arn, application, attributes, body, ttl };
}
