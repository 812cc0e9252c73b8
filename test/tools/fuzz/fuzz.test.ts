import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isReply, showsNoInsides } from "../../../tools/fuzz/answers.ts";
import { queueTelemetry, strictTelemetry, target } from "../../../tools/fuzz/target.ts";
import { targets } from "../../../tools/fuzz/targets.ts";

/** In all; `npm run fuzz` takes more. */
const CASES = 10_000;
const seed = Math.floor(Math.random() * 2 ** 31);

describe(`fuzz, seed ${seed}`, () => {
  it.each(targets)("$name: only our own errors, no hang, no unexpected row", async ({ share, fuzz }) => {
    const cases = Math.ceil(CASES * share);
    const { answers } = await fuzz(cases, seed);
    expect(Object.values(answers).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(cases);
    expect(Object.keys(answers).length).toBeGreaterThan(3); // not every case is refused
  });
});

describe("the rules themselves", () => {
  it.each([
    ["a trace", () => showsNoInsides('{"mt":"Error","errorText":"TypeError: x at y (node:internal/z)"}', "{}")],
    ["an unknown message", () => isReply('{"message":"Internal server error"}', "{}")],
    ["a src that was never sent", () => isReply('{"mt":"PushNotifyPostResult","src":"1"}', '{"mt":"PushNotifyPost"}')],
    [
      "an err of our own making",
      () => isReply('{"mt":"PushNotifyPostResult","err":"Oops"}', '{"mt":"PushNotifyPost"}'),
    ],
    ["a numeric error", () => isReply('{"mt":"AppLoginResult","ok":false,"error":5}', '{"mt":"AppLogin"}')],
  ])("notice %s", (_, check) => {
    expect(check).toThrow();
  });

  it("fail on an unexpected exception in a message, and on its metric", () => {
    const failed = (kind: string) => () => queueTelemetry().log("error", "message failed", { kind });
    expect(failed("TypeError")).toThrow("unexpected error");
    for (const kind of ["SyntaxError", "ValiError", "DependencyError"]) expect(failed(kind)).not.toThrow();
    expect(() => strictTelemetry().metric("Unexpected", 1)).toThrow("unexpected error");
  });

  it("fail a case that is slow twice, not one that was slow once on a busy machine", async () => {
    const taking = (ms: (time: number) => number) => {
      let times = 0;
      return target(
        "slow",
        1,
        () => ({}),
        fc.constant(0),
        async () => {
          await new Promise((resolve) => setTimeout(resolve, ms((times += 1))));
          return "done";
        },
      );
    };
    await expect(taking((time) => (time === 1 ? 1_050 : 0)).fuzz(2, 1)).resolves.toMatchObject({
      answers: { done: 3 },
    });
    await expect(taking(() => 1_050).fuzz(1, 1)).rejects.toThrow("ms again");
  });

  it("end a process whose case blocks the thread, and name the case", () => {
    const script = `
      const { startWatchdog } = await import(${JSON.stringify(new URL("../../../tools/fuzz/watchdog.ts", import.meta.url).href)});
      const dog = await startWatchdog(200);
      dog.begins("the fast one"); dog.ends();
      dog.begins("the endless one");
      for (;;) {}`;
    const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 10_000,
    });
    expect(signal).toBe("SIGKILL");
    expect(stderr).toContain("hangs for 200 ms: the endless one");
  });
});
