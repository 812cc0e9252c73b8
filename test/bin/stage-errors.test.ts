import { describe, expect, it } from "vitest";
import { command } from "../support/process/command.ts";

describe("a stage that cannot be read", () => {
  const message = 'stage "nowhere" is not in stages.ts: add it there, or use one of ';

  it.each([
    ["npm run deploy", "bin/deploy.ts", ["nowhere"], {}, 2],
    ["cdk synth", "bin/push-service.ts", [], { CDK_CONTEXT_JSON: '{"stage":"nowhere"}' }, 1],
  ] as const)("ends %s with a one-line reason and no stack trace", async (_, script, args, environment, expected) => {
    const { code, out, err } = await command(script, args, environment);
    expect(code).toBe(expected);
    expect(out).toBe("");
    expect(err.trim().split("\n")).toEqual([expect.stringContaining(message)]);
  });
});
