import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SnsSimulator } from "./simulator.ts";

/** Larger than any Publish: 256 KB, form-encoded. */
const maxBody = 1_048_576;

export interface SnsServer {
  /** For `AWS_ENDPOINT_URL_SNS`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a simulator on loopback; port 0 lets the system choose. Rejects if the port is taken. */
export async function serveSns(simulator: SnsSimulator, port = 0): Promise<SnsServer> {
  const server = createServer((request, response) => {
    answer(simulator, request, response).catch((error: unknown) => {
      console.error("sns simulator:", error instanceof Error ? error.message : error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        simulator.control.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(simulator: SnsSimulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) {
      response.writeHead(413, { connection: "close" }).end();
      return;
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString("utf8");
  const {
    status,
    headers,
    body: xml,
  } = await simulator.handle({ method: request.method ?? "", headers: request.headers, body });
  response.writeHead(status, headers).end(xml);
}
