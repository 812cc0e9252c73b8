import { jsonObject, type JsonObject } from "./json.ts";

/** One call of an AWS SDK client. */
export interface AwsRequest {
  /** Signing name: `dynamodb`, `sns`, `sqs`, `ses`, `kms`, `secretsmanager`. */
  readonly service: string;
  /** `Publish`, `BatchGetItem`, … */
  readonly operation: string;
  readonly protocol: Protocol;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Answers the calls of one service; any error other than an AwsError is answered as InternalFailure. */
export type AwsService = (request: AwsRequest) => AwsResponse | Promise<AwsResponse>;

export type Protocol = "json" | "query" | "rest";

/** An error as AWS would answer it: `code` in that service's own spelling, HTTP status. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const jsonResponse = (value: unknown, status = 200): AwsResponse => ({
  status,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify(value),
});

export const queryResponse = (xml: string, status = 200): AwsResponse => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>${xml}`,
});

/** The error in the protocol's format. */
export function errorResponse(protocol: Protocol, error: AwsError, requestId: string): AwsResponse {
  const { code, message, status } = error;
  if (protocol === "query") return queryResponse(errorXml(error, requestId), status);
  const response = jsonResponse({ __type: code, message }, status);
  return { ...response, headers: { ...response.headers, "x-amzn-errortype": code } };
}

/** @param attributes of the outermost element, with a space before */
export const errorXml = ({ code, message, status }: AwsError, requestId: string, attributes = ""): string =>
  `<ErrorResponse${attributes}><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type>` +
  `<Code>${xmlText(code)}</Code><Message>${xmlText(message)}</Message></Error>` +
  `<RequestId>${requestId}</RequestId></ErrorResponse>`;

export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    // XML 1.0 has no way to write the other control characters.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[<>&'"\r]/gu, (character) => `&#${character.charCodeAt(0)};`);

/** JSON body of a call; throws SerializationException if it is no JSON object. */
export function jsonBody(request: AwsRequest): JsonObject {
  const value = jsonObject(request.body.toString("utf8"));
  if (value === undefined) throw new AwsError("SerializationException", "the body is not a JSON object");
  return value;
}
