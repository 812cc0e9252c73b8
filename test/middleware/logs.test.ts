import { gzipSync } from "node:zlib";
import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { logs, type LogEvent } from "../../lambdas/middleware/logs.ts";
import { rememberingTelemetry } from "../support/memory/remembering-telemetry.ts";

function setting(take: (events: readonly LogEvent[]) => Promise<void> = () => Promise.resolve()) {
  const taken: LogEvent[][] = [];
  const flushes: true[] = [];
  const telemetry = { ...rememberingTelemetry(), begin: () => undefined, flush: () => undefined };
  const handler = logs(
    {
      take: (events) => {
        taken.push([...events]);
        return take(events);
      },
      flush: () => Promise.resolve(void flushes.push(true)),
    },
    { telemetry, name: "history" },
  );
  return { taken, flushes, telemetry, run: (event: unknown) => handler(event, {} as Context) };
}

const packed = (batch: unknown) => ({ awslogs: { data: gzipSync(JSON.stringify(batch)).toString("base64") } });

/** As the CloudWatch Logs User Guide shows it (Log group-level subscription filters, example 2). */
const batch = {
  messageType: "DATA_MESSAGE",
  owner: "123456789012",
  logGroup: "push",
  logStream: "stream",
  subscriptionFilters: ["Posts"],
  logEvents: [{ id: "31953106606966983378809025079804211143289615424298221568", timestamp: 1, message: "{}" }],
};

describe("logs", () => {
  it("passes on the events of a batch", async () => {
    const { run, taken, flushes } = setting();
    await run(packed(batch));
    expect(taken).toEqual([[{ id: batch.logEvents[0]?.id, message: "{}" }]]);
    expect(flushes).toHaveLength(0);
  });

  it("does nothing for a control message", async () => {
    const { run, taken, flushes } = setting();
    await run(packed({ messageType: "CONTROL_MESSAGE", logEvents: [{ id: "", timestamp: 1, message: "CWL" }] }));
    expect([taken, flushes]).toEqual([[], []]);
  });

  it("flushes on a scheduled event", async () => {
    const { run, flushes } = setting();
    await run({ source: "aws.events", "detail-type": "Scheduled Event" });
    expect(flushes).toHaveLength(1);
  });

  it.each([
    ["not gzip in base64", { awslogs: { data: "AAAA" } }],
    ["not JSON", { awslogs: { data: gzipSync("{").toString("base64") } }],
    ["not a batch", packed({ messageType: "OTHER" })],
    ["too large when unpacked", { awslogs: { data: gzipSync(Buffer.alloc(17 * 1024 * 1024)).toString("base64") } }],
  ])("throws, and counts the failure, for a delivery that is %s", async (_what, event) => {
    const { run, telemetry } = setting();
    await expect(run(event)).rejects.toThrow();
    expect(telemetry.count("Unexpected", "history")).toBe(1);
  });

  it("throws if the events cannot be stored, so that Lambda tries them again", async () => {
    const { run } = setting(() => Promise.reject(new Error("no")));
    await expect(run(packed(batch))).rejects.toThrow("no");
  });
});
