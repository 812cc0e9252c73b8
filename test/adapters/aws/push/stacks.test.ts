import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { stacks } from "../../../../lambdas/adapters/aws/push/stacks.ts";

const answer = {
  Status: "SUCCESS",
  Reason: "",
  PhysicalResourceId: "arn:app",
  StackId: "arn:stack",
  RequestId: "request",
  LogicalResourceId: "AppsIos",
} as const;

let server: Server | undefined;
afterEach(() => {
  vi.restoreAllMocks();
  server?.close();
});

/** A server that answers with these statuses, one after another; returns its URL and its requests. */
async function bucket(...statuses: readonly number[]) {
  const requests: { method: string | undefined; type: string | undefined; body: string }[] = [];
  const take = async (request: IncomingMessage): Promise<number> => {
    requests.push({ method: request.method, type: request.headers["content-type"], body: await text(request) });
    return statuses[requests.length - 1] ?? 500;
  };
  server = createServer((request, response) => void take(request).then((status) => response.writeHead(status).end()));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/answer?signature=s3cret`, requests };
}

describe("the answer to CloudFormation", () => {
  it("is PUT as JSON without a content type, as the URL's signature requires", async () => {
    const { url, requests } = await bucket(200);
    await stacks.answer(url, answer);
    expect(requests.map(({ method, type }) => [method, type ?? ""])).toEqual([["PUT", ""]]);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual(answer);
  });

  it("is tried three times", async () => {
    const { url, requests } = await bucket(503, 500, 200);
    await stacks.answer(url, answer);
    expect(requests).toHaveLength(3);
  });

  it("fails without revealing the URL if it cannot be PUT", async () => {
    const { url, requests } = await bucket(403, 403, 403, 200);
    const failure = await stacks.answer(url, answer).catch((error: unknown) => error);
    const message = "cloudformation.Answer: 403";
    expect(failure).toMatchObject({ name: "DependencyError", kind: "unavailable", message });
    expect(String(failure)).not.toContain("s3cret");
    expect(requests).toHaveLength(3);
  });

  it("fails if the address does not answer", async () => {
    const { url } = await bucket();
    server?.close();
    await expect(stacks.answer(url, answer)).rejects.toMatchObject({ kind: "unavailable" });
  });

  it("times out after 3 s each time", async () => {
    const { url } = await bucket(200);
    const timeout = vi.spyOn(AbortSignal, "timeout");
    timeout.mockImplementation(() => AbortSignal.abort(new DOMException("late", "TimeoutError")));
    await expect(stacks.answer(url, answer)).rejects.toMatchObject({
      operation: "cloudformation.Answer",
      kind: "timeout",
    });
    expect(timeout.mock.calls).toEqual([[3_000], [3_000], [3_000]]);
  });
});
