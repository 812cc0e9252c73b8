import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readBody } from "../../../local/aws/body.ts";
import { listen, type Listening } from "../../../local/aws/listen.ts";
import type { SnsSimulator } from "../../../local/sns/simulator.ts";

/** Larger than any Publish: 256 KB, form-encoded. */
const BODY_LIMIT = 1_048_576;

/** Serves a simulator of SNS alone, for `AWS_ENDPOINT_URL_SNS`; port 0 lets the OS choose. Rejects if the port is taken. */
export async function serveSns(simulator: SnsSimulator, port = 0): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(simulator, request, response).catch((error: unknown) => {
      console.error("sns simulator:", error instanceof Error ? error.message : error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on("close", () => simulator.control.close());
  return listen(server, port);
}

async function answer(simulator: SnsSimulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, BODY_LIMIT);
  if (body === undefined) return void response.writeHead(413).end();
  const asked = { method: request.method ?? "", headers: request.headers, body: body.toString("utf8") };
  const { status, headers, body: xml } = await simulator.handle(asked);
  response.writeHead(status, headers).end(xml);
}
