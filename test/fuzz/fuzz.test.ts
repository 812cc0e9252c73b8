import { describe, expect, it } from "vitest";
import { isReply, showsNoInsides } from "./answers.ts";
import { targets } from "./targets.ts";

/** In all; `npm run fuzz` takes more. */
const CASES = 10_000;
const seed = Math.floor(Math.random() * 2 ** 31);

describe(`fuzz, seed ${seed}`, () => {
  it.each(targets)("$name: only our own errors, no hang, no row that should not be there", { timeout: 60_000 }, ({ share, fuzz }) =>
    fuzz(Math.ceil(CASES * share), seed),
  );
});

describe("the rules themselves", () => {
  it.each([
    ["a trace", () => showsNoInsides('{"mt":"Error","errorText":"TypeError: x at y (node:internal/z)"}', "{}")],
    ["an unknown message", () => isReply('{"message":"Internal server error"}', "{}")],
    ["a src that nobody sent", () => isReply('{"mt":"PushNotifyPostResult","src":"1"}', '{"mt":"PushNotifyPost"}')],
    ["an err of our own making", () => isReply('{"mt":"PushNotifyPostResult","err":"Oops"}', '{"mt":"PushNotifyPost"}')],
    ["a numeric error", () => isReply('{"mt":"AppLoginResult","ok":false,"error":5}', '{"mt":"AppLogin"}')],
  ])("notice %s", (_, check) => {
    expect(check).toThrow();
  });
});
