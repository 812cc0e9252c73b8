import { afterEach, describe, expect, it, vi } from "vitest";
import type { CallOptions, DynamoOperations } from "../../../../lambdas/adapters/aws/client/aws-client.ts";
import type { LeanClient } from "../../../../lambdas/adapters/aws/client/lean-client.ts";
import { patient } from "../../../../lambdas/adapters/aws/client/patient.ts";
import { awsError } from "../../../support/aws/scripted-dynamo.ts";

afterEach(() => vi.restoreAllMocks());
const INPUT = { TableName: "t", Item: {} };
const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
const status = (httpStatusCode: number) => awsError("SomethingNew", { $metadata: { httpStatusCode } });

/** A patient client over one that fails as given, then works; `on` is called with each request. */
function over(failures: readonly Error[], on: () => void = () => undefined) {
  const asked: (CallOptions | undefined)[] = [];
  const warmed: unknown[][] = [];
  const client = {
    request: (_operation: string, _input: object, options?: CallOptions) => {
      const failure = failures[asked.push(options) - 1];
      on();
      return failure === undefined ? Promise.resolve({ done: true }) : Promise.reject(failure);
    },
    warmUp: (...given: unknown[]) => Promise.resolve(void warmed.push(given)),
  };
  const tested = patient(client as unknown as LeanClient<DynamoOperations>, () => 0);
  const ask = (options?: CallOptions) =>
    tested.request("PutItem", INPUT, options).then(
      () => "done",
      (error: unknown) => error,
    );
  return { asked, warmed, ask, tested };
}

describe("a call whose caller does not handle failures", () => {
  it.each<readonly [string, Error, number]>([
    ["that was throttled", awsError("ThrottlingException"), 2],
    ["that timed out", Object.assign(new Error("late"), { name: "TimeoutError" }), 2],
    ["whose connection was reset", reset, 2],
    ["that never began", Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), 2],
    ["that failed at AWS", status(500), 2],
    ["that the server timed out on, which may have taken effect", status(408), 1],
    ["with an unreadable answer, which may have taken effect", status(200), 1],
    ["that failed for an unknown reason", new Error("?"), 1],
    ["that was refused", status(403), 1],
    ["whose condition failed", awsError("ConditionalCheckFailedException"), 1],
  ])("%s: %j, is tried %i times", async (_, failure, times) => {
    const { asked, ask } = over([failure]);
    expect(await ask()).toBe(times === 2 ? "done" : failure);
    expect(asked).toHaveLength(times);
  });

  it("is tried three times at most, with the same signal", async () => {
    const { asked, ask } = over([reset, reset, reset]);
    const options = { abortSignal: new AbortController().signal };
    expect(await ask(options)).toBe(reset);
    expect(asked).toEqual([options, options, options]);
  });

  it.each([
    [1_900, 2],
    [1_901, 1],
  ])("is tried again while its 2 s leave time: after %i ms %i times", async (passed, times) => {
    vi.spyOn(performance, "now")
      .mockReturnValueOnce(70_000)
      .mockReturnValue(70_000 + passed);
    const { asked, ask } = over([reset]);
    await ask();
    expect(asked).toHaveLength(times);
  });

  it("is not tried again once its signal is aborted, not even after a pause that has begun", async () => {
    const [before, meanwhile] = [new AbortController(), new AbortController()];
    const first = over([reset], () => before.abort());
    expect(await first.ask({ abortSignal: before.signal })).toBe(reset);
    const second = over([awsError("ThrottlingException")], () => void setImmediate(() => meanwhile.abort()));
    expect(await second.ask({ abortSignal: meanwhile.signal })).toMatchObject({ name: "AbortError" });
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
  });
});

it("a patient client warms up the client it wraps", async () => {
  const { warmed, tested } = over([]);
  const options = { abortSignal: new AbortController().signal };
  await tested.warmUp("PutItem", INPUT, options);
  expect(warmed).toEqual([["PutItem", INPUT, options]]);
});
