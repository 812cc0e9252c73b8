import { HttpResponse } from "@smithy/core/protocols";
import { Readable } from "node:stream";
import type { Transport } from "../../../lambdas/adapters/aws/wire/https-transport.ts";

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * An SDK request handler that answers immediately within the process, so that only our CPU time and the SDK's is measured.
 *
 * @param answer gets the operation (empty for SNS, which names it in the body) and the body
 */
export function inMemory(contentType: string, answer: (operation: string, body: string) => string) {
  return {
    handle: (request: Request) => {
      const operation = request.headers["x-amz-target"]?.split(".")[1] ?? "";
      const response = new HttpResponse({
        statusCode: 200,
        headers: { "content-type": contentType },
        body: Readable.from([Buffer.from(answer(operation, textOf(request.body)))]),
      });
      return Promise.resolve({ response });
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

/** The same for code without a client of the SDK. */
export const inMemoryTransport =
  (answer: (operation: string, body: string) => string): Transport =>
  ({ headers, body }) => {
    const operation = headers[headers.indexOf("x-amz-target") + 1]?.split(".")[1] ?? "";
    return Promise.resolve({ status: 200, headers: {}, body: answer(operation, body) });
  };

const textOf = (body: unknown): string => (body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body));
