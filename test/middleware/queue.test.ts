import type { Context, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { NotYet } from "../../lambdas/ports/errors.ts";
import { queue } from "../../lambdas/middleware/queue.ts";
import { rememberingTelemetry } from "../support/memory/remembering-telemetry.ts";

function setting(handle: (message: unknown) => Promise<void>) {
  const telemetry = {
    ...rememberingTelemetry(),
    begin: () => undefined,
    flushed: 0,
    flush: () => void (telemetry.flushed += 1),
  };
  const handler = queue(handle, { telemetry, name: "mail" });
  const records = (bodies: readonly string[]) => ({
    Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })),
  });
  return { telemetry, take: (...bodies: string[]) => handler(records(bodies) as SQSEvent, {} as Context) };
}

describe("queue", () => {
  it("passes on each message separately, in order", async () => {
    const seen: unknown[] = [];
    const { take, telemetry } = setting((message) => Promise.resolve(void seen.push(message)));
    expect(await take('{"a":1}', '{"a":2}')).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
    expect(telemetry.flushed).toBe(1);
  });

  it("returns to the queue only messages that failed or are not JSON", async () => {
    const { take, telemetry } = setting((message) =>
      message === 1 ? Promise.reject(new Error("no")) : Promise.resolve(),
    );
    expect(await take("0", "1", "{", "2")).toEqual({
      batchItemFailures: [{ itemIdentifier: "m1" }, { itemIdentifier: "m2" }],
    });
    expect(telemetry.count("Unexpected", "mail")).toBe(2);
  });

  it("returns a message that comes too early to the queue without counting a failure", async () => {
    const { take, telemetry } = setting(() => Promise.reject(new NotYet("too early")));
    expect(await take("0")).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
    expect([...telemetry.counts]).toEqual([]);
    expect(telemetry.lines.join()).toContain('"reason":"too early"');
  });
});
