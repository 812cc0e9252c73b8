import { Agent, request as httpRequest } from "node:http";
import type { AwsResponse, AwsService } from "../aws/protocols.ts";

export interface DynamoDb {
  /** Passes a call on to the engine, byte for byte. */
  readonly service: AwsService;
  /** A call of the host's own: not counted, and without faults. Rejects with the engine's message. */
  call(operation: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  stop(): void;
}

/** Headers that the engine needs. It sees a single caller, since some engines separate tables by caller. */
const FORWARDED = ["content-type", "x-amz-target"];
const OWN_HEADERS = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-date": "20260101T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
};

export function connectDynamoDb(url: string): DynamoDb {
  const agent = new Agent({ keepAlive: true });
  const send = (headers: Readonly<Record<string, string>>, body: Buffer) => exchange(url, agent, headers, body);
  return {
    service: ({ headers, body }) =>
      send(
        {
          ...OWN_HEADERS,
          ...Object.fromEntries(FORWARDED.flatMap((name) => (headers[name] ? [[name, headers[name]]] : []))),
        },
        body,
      ),
    async call(operation, input) {
      const headers = { ...OWN_HEADERS, "x-amz-target": `DynamoDB_20120810.${operation}` };
      const { status, body } = await send(headers, Buffer.from(JSON.stringify(input)));
      if (status !== 200) throw new Error(`DynamoDB ${operation}: ${body.toString()}`);
      return JSON.parse(body.toString()) as Record<string, unknown>;
    },
    stop: () => agent.destroy(),
  };
}

function exchange(
  url: string,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Promise<AwsResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<AwsResponse>();
  const request = httpRequest(url, { agent, method: "POST", headers: { ...headers, "content-length": body.length } });
  request.on("error", reject);
  request.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const kept = ["content-type", "x-amz-crc32"].flatMap((name) => {
        const value = response.headers[name];
        return typeof value === "string" ? [[name, value] as const] : [];
      });
      resolve({ status: response.statusCode ?? 500, headers: Object.fromEntries(kept), body: Buffer.concat(chunks) });
    });
  });
  request.end(body);
  return promise;
}
