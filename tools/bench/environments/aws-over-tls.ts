import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { awsAnswer } from "../warm/aws-answers.ts";

export interface AwsOverTls {
  readonly port: number;
  /** Variables that make a process use this as AWS. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs `work` with AWS faked on loopback, which answers immediately over TLS with a certificate made here, and with a directory
 * that is removed afterwards. Needs openssl on the PATH.
 */
export async function withAwsOverTls<T>(work: (aws: AwsOverTls, directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "push-bench-"));
  try {
    const { key, cert } = makeCertificate(directory);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert), keepAliveTimeout: 60_000 }, answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      return await work(reached(server, cert), directory);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Files of a key and its certificate for localhost. */
function makeCertificate(directory: string) {
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const made = [
    "req",
    "-x509",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-days",
    "2",
    "-subj",
    "/CN=localhost",
  ];
  execFileSync("openssl", [...made, "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert], {
    stdio: "ignore",
  });
  return { key, cert };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  void text(request).then((body) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    response.setHeader("content-type", target === "" ? "text/xml" : "application/x-amz-json-1.0");
    response.end(request.method === "GET" ? "healthy" : awsAnswer(target, body));
  });
}

function reached(server: Server, cert: string): AwsOverTls {
  const { port } = server.address() as AddressInfo;
  return {
    port,
    environment: {
      AWS_ENDPOINT_URL: `https://localhost:${port}`,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "x".repeat(40),
      AWS_SESSION_TOKEN: "x".repeat(900),
      NODE_EXTRA_CA_CERTS: cert,
    },
  };
}
