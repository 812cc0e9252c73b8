import { createHash } from "node:crypto";
import type { DynamoOperations, SqsOperations } from "../client/aws-client.ts";
import { endpointIn, type Environment } from "./endpoint.ts";
import type { Answer } from "./https-transport.ts";
import type { Asked } from "./signed-call.ts";
import { type Wire, wireError } from "./wire.ts";

/**
 * DynamoDB's wire: AWS JSON 1.0, items unchanged. JSON cannot hold binary values; the rows of push and session have none.
 */
export function dynamoWire(environment: Environment): Wire<DynamoOperations> {
  const endpoint = endpointIn("dynamodb", environment);
  return {
    write: (operation, input) => jsonRequest(endpoint(), `DynamoDB_20120810.${operation}`, input),
    read: (_, __, answer) => jsonOutput(answer),
    error: (answer) => jsonError(answer, ({ type, code, header }) => type ?? code ?? header),
  };
}

/** SQS's wire: AWS JSON 1.0 in its mode for users of the old query protocol; the queue's URL is the endpoint. */
export const sqsWire: Wire<SqsOperations> = {
  write: (operation, input) => {
    const request = jsonRequest(new URL("/", input.QueueUrl), `AmazonSQS.${operation}`, input);
    return { ...request, headers: { ...request.headers, "x-amzn-query-mode": "true" } };
  },
  /** Throws if the queue did not get what was sent. */
  read: (_, { MessageBody = "" }, answer) => {
    const output = jsonOutput(answer) as SqsOperations["SendMessage"]["output"];
    const sum = createHash("md5").update(MessageBody).digest("hex");
    if (output.MD5OfMessageBody !== sum) throw new Error("InvalidChecksumError");
    return output;
  },
  // Errors that SQS documents as its own have one name in both protocols; any other has the name of its query code.
  error: (answer) =>
    jsonError(answer, ({ type, code, header, namespace }) => {
      const [query] = String(answer.headers["x-amzn-query-error"] ?? "").split(";");
      return namespace === "com.amazonaws.sqs" ? type : ((query || undefined) ?? code ?? header ?? type);
    }),
};

const jsonRequest = (url: URL, target: string, input: object): Asked => ({
  url,
  method: "POST",
  headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target },
  body: JSON.stringify(input),
});

/** Throws a SyntaxError for anything but a JSON object: an empty answer must not be read as "no such item". */
function jsonOutput({ body }: Answer): object {
  const output: unknown = JSON.parse(body);
  if (typeof output !== "object" || output === null || Array.isArray(output))
    throw new SyntaxError("the answer is no JSON object");
  return output;
}

/** Where an answer may name its error: `__type` and `code` of its body, a header; and the namespace of `__type`. */
interface ErrorNames {
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly header: string | undefined;
  readonly namespace: string | undefined;
}

/** An error in JSON. @param choose picks the name that the protocol uses */
function jsonError({ headers, body }: Answer, choose: (names: ErrorNames) => string | undefined): Error {
  const told = (body === "" ? {} : JSON.parse(body)) as Readonly<Record<string, unknown>> | null;
  const { __type, code, message, Message } = told ?? {};
  const namespace = typeof __type === "string" ? __type.split("#")[0] : undefined;
  const name = choose({
    type: shortName(__type),
    code: shortName(code),
    header: shortName(headers["x-amzn-errortype"]),
    namespace,
  });
  return wireError(name ?? "Unknown", message || Message);
}

/** `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`, `X:http://…` -> the name alone. */
const shortName = (text: unknown): string | undefined =>
  typeof text === "string" ? text.split(/[,:]/u)[0]?.split("#").at(-1) : undefined;
