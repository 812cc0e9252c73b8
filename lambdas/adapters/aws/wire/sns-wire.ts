import { parseXML } from "@aws-sdk/xml-builder";

import type { SnsOperations } from "../client/aws-client.ts";
import { endpointIn, type Environment } from "./endpoint.ts";
import { percentEncoded } from "./percent-encoding.ts";
import { type Wire, wireError } from "./wire.ts";

type Operation = keyof SnsOperations;
type Input<Name extends Operation> = SnsOperations[Name]["input"];
type Parameters = readonly (readonly [name: string, value: string | undefined])[];

/** SNS's wire: AWS Query (2010-03-31), form parameters in the SDK's order, answers in XML. */
export function snsWire(environment: Environment): Wire<SnsOperations> {
  const endpoint = endpointIn("sns", environment);
  return {
    write: (operation, input) => ({
      url: endpoint(),
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form(operation, parameters[operation](input)),
    }),
    /** Throws if an answer lacks what its operation returns. */
    read: (operation, _, { body }) => {
      const plain = operation === "Publish" ? PUBLISHED.exec(body)?.groups?.["id"] : undefined;
      if (plain !== undefined) return { MessageId: plain };
      const response = (parseXML(body) as Record<string, Xml>)[`${operation}Response`];
      const result = child(response, `${operation}Result`);
      const wanted = WANTED[operation];
      const value = wanted && child(result, wanted);
      if (response === undefined || (wanted && !value))
        throw new Error(`SNS answered without ${wanted ?? "a response"}`);
      return wanted ? { [wanted]: value } : {};
    },
    error: ({ status, body }) => {
      const [root] = body === "" ? [] : Object.values(parseXML(body) as Record<string, Xml>);
      const error = child(root, "Error");
      const code = text(child(error, "Code")) ?? (status === 404 ? "NotFound" : "Unknown");
      return wireError(NAMES.get(code) ?? code, text(child(error, "Message")) ?? "Unknown");
    },
  };
}

/** The answer to every successful Publish, as SNS writes it: read without an XML parser, which reads any other. */
const PUBLISHED =
  /^<PublishResponse xmlns="[^"<&]+">\s*<PublishResult>\s*<MessageId>(?<id>[0-9a-f-]+)<\/MessageId>\s*<\/PublishResult>\s*<ResponseMetadata>\s*<RequestId>[0-9a-f-]+<\/RequestId>\s*<\/ResponseMetadata>\s*<\/PublishResponse>\s*$/u;

const parameters: { readonly [Name in Operation]: (input: Input<Name>) => Parameters } = {
  CreatePlatformEndpoint: ({ PlatformApplicationArn, Token }) => [
    ["PlatformApplicationArn", PlatformApplicationArn],
    ["Token", Token],
  ],
  SetEndpointAttributes: ({ EndpointArn, Attributes = {} }) => [
    ["EndpointArn", EndpointArn],
    ...entries("Attributes", Attributes, (value) => [["value", value]]),
  ],
  Publish: ({ TargetArn, Message, MessageStructure, MessageAttributes = {} }) => [
    ["Message", Message],
    ["TargetArn", TargetArn],
    ["MessageStructure", MessageStructure],
    ...entries("MessageAttributes", MessageAttributes, ({ DataType, StringValue }) => [
      ["Value.DataType", DataType],
      ["Value.StringValue", StringValue],
    ]),
  ],
};

const WANTED: Readonly<Partial<Record<Operation, string>>> = {
  CreatePlatformEndpoint: "EndpointArn",
  Publish: "MessageId",
};

/** Names that SNS's model gives to codes; every other code is its own name. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...[
    "AuthorizationError",
    "EndpointDisabled",
    "InternalError",
    "InvalidParameter",
    "InvalidSecurity",
    "KMSAccessDenied",
    "KMSDisabled",
    "KMSInvalidState",
    "KMSNotFound",
    "KMSThrottling",
    "NotFound",
    "PlatformApplicationDisabled",
    "Throttled",
  ].map((code) => [code, `${code}Exception`] as const),
  ["ParameterValueInvalid", "InvalidParameterValueException"],
]);

function entries<Value>(
  map: string,
  values: Readonly<Record<string, Value>>,
  members: (value: Value) => Parameters,
): Parameters {
  return Object.entries(values).flatMap(([name, value], index) => {
    const entry = `${map}.entry.${index + 1}`;
    const key = map === "Attributes" ? "key" : "Name";
    return [
      [`${entry}.${key}`, name] as const,
      ...members(value).map(([member, text]) => [`${entry}.${member}`, text] as const),
    ];
  });
}

function form(operation: Operation, given: Parameters): string {
  let body = `Action=${operation}&Version=2010-03-31`;
  for (const [name, value] of given) if (value !== undefined) body += `&${name}=${percentEncoded(value)}`;
  return body;
}

/** Text, or elements by name. */
type Xml = string | { readonly [name: string]: Xml } | undefined;
const child = (xml: Xml, name: string): Xml => (typeof xml === "object" ? xml[name] : undefined);
const text = (xml: Xml): string | undefined => (typeof xml === "string" ? xml : undefined);
