import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { coldStarts } from "../../../tools/bench/environments/cold-start.ts";
import { profile } from "../../../tools/bench/warm/profile.ts";
import { steady } from "../../../tools/bench/environments/steady.ts";

/** The bundle without AWS must be at least this much smaller (wires, their values, XML); otherwise it is no lower bound. */
const WIRE_BYTES = 8_000;

afterEach(() => void vi.unstubAllEnvs());

it("leaves nothing in the temporary directory if openssl is missing", async () => {
  const directory = mkdtempSync(join(tmpdir(), "push-test-"));
  vi.stubEnv("TMPDIR", directory);
  vi.stubEnv("PATH", "");
  try {
    await expect(coldStarts(1)).rejects.toThrow(/openssl/u);
    await expect(steady({ rounds: 1, seconds: 1 })).rejects.toThrow(/openssl/u);
    expect(readdirSync(directory)).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

describe("the bench, in separate processes", () => {
  it("measures starts of push and session over TLS: as deployed, with the SDK's clients and without AWS", async () => {
    for (const [name, variants] of Object.entries(await coldStarts(1))) {
      expect([
        name,
        variants.lean.bytes < variants.sdk.bytes / 4,
        variants.floor.bytes < variants.lean.bytes - WIRE_BYTES,
      ]).toEqual([name, true, true]);
      expect(variants.floor.cold).toBeUndefined();
      for (const measured of [variants.lean, variants.sdk])
        expect([measured.cold?.cpuMs, measured.first?.cpuMs, measured.warmMs].every((value) => (value ?? 0) > 0)).toBe(
          true,
        );
    }
  });

  it("posts at a steady rate, in turns with another checkout", async () => {
    const measured = await steady({ rounds: 1, seconds: 1, against: join(import.meta.dirname, "../../..") });
    expect(measured.map(({ name }) => name)).toEqual(["lean", "sdk", expect.any(String)]);
    for (const { cpuPer1000, p50, p99, memoryMiB } of measured)
      expect(cpuPer1000 > 0 && p50 > 0 && p99 >= p50 && memoryMiB > 10).toBe(true);
  });

  it("attributes a warm post's CPU time, including to signing and to our own code", async () => {
    const { shares } = await profile(2_000); // enough samples for a share of 5 %
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(shares.map(({ name }) => name)).toContain("signing");
    expect(shares.some(({ name }) => name.startsWith("lambdas/"))).toBe(true);
  });
});
