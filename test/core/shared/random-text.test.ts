import { describe, expect, it } from "vitest";
import { DIGITS, LETTERS_AND_DIGITS, randomText, sha256 } from "../../../lambdas/core/shared/random-text.ts";

describe("randomText", () => {
  it("uses every character of its alphabet about equally often", () => {
    const seen = new Map<string, number>();
    const state = { value: 1n };
    for (let draw = 0; draw < 2_000; draw += 1) {
      // A linear congruential generator over 2^128: random enough for counting, and the same in every run.
      const block = Uint8Array.from({ length: 32 }, () => {
        state.value =
          (state.value * 0x2360ed051fc65da44385df649fccf645n + 0x5851f42d4c957f2d14057b7ef767814fn) % (1n << 128n);
        return Number(state.value >> 120n);
      });
      for (const character of randomText(block, LETTERS_AND_DIGITS, 23))
        seen.set(character, (seen.get(character) ?? 0) + 1);
    }
    const expected = (2_000 * 23) / 62;
    expect(seen.size).toBe(62);
    for (const count of seen.values()) expect(Math.abs(count - expected)).toBeLessThan(expected * 0.2);
  });

  it("encodes zero and the largest number", () => {
    expect(randomText(new Uint8Array(8), DIGITS, 3)).toBe("000");
    expect(randomText(new Uint8Array([255]), DIGITS, 3)).toBe("552");
  });

  it("reads the bytes as one number, its last character first", () => {
    expect(randomText(new Uint8Array([1, 0]), LETTERS_AND_DIGITS, 3)).toBe("IEA"); // 256 = 4 * 62 + 8
    expect([LETTERS_AND_DIGITS.length, DIGITS]).toEqual([62, "0123456789"]);
  });
});

it("sha256: hashes UTF-8 text to lower-case hex", () =>
  // printf 'Zoë' | sha256sum
  expect(sha256("Zoë")).toBe("c6a12698582fc1104ea24107a2d7268145ff06ef859707729d01fd060897f067"));
