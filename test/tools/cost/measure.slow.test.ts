import { describe, expect, it } from "vitest";
import { measure } from "../../../tools/cost/measure/measure.ts";
import { readMeasured, type Operation } from "../../../tools/cost/measured.ts";

/** Bytes differ because times have different numbers of digits. */
const counts = ({ bytesOut: _, logBytes: __, metricBytes: ___, ...rest }: Operation) => rest;

describe("tools/cost/measured.json", () => {
  // It waits 30 s for the check of a connection. If it fails: npm run cost -- --measure, then npm run scale.
  it("still matches what each operation uses", async () => {
    const committed = readMeasured();
    const fresh = await measure();
    expect(fresh.resources).toEqual(committed.resources);
    for (const [name, operation] of Object.entries(fresh.operations)) {
      const before = committed.operations[name as keyof typeof committed.operations];
      expect(counts(operation), name).toEqual(counts(before));
      for (const bytes of ["bytesOut", "logBytes", "metricBytes"] as const)
        expect(Math.abs(operation[bytes] - before[bytes]), `${name}: ${bytes}`).toBeLessThanOrEqual(
          0.05 * before[bytes],
        );
    }
  });
});
