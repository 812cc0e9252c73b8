import fc from "fast-check";
import { rememberingTelemetry } from "../support/remembering-telemetry.ts";

/** A handler under fuzz. `fuzz` rejects with the smallest case that breaks a rule, its seed and its path. */
export interface Target {
  readonly name: string;
  /** Share of all cases. */
  readonly share: number;
  readonly fuzz: (cases: number, seed: number) => Promise<void>;
}

/** A case that takes longer hangs, in ms. */
const HANGS = 5_000;
/** A world grows with every case: now and then a fresh one. */
const CASES_OF_A_WORLD = 250;

export function target<World, Case>(
  name: string,
  share: number,
  fresh: () => World,
  cases: fc.Arbitrary<Case>,
  check: (world: World, each: Case, number: number) => Promise<void>,
): Target {
  return {
    name,
    share,
    fuzz(numRuns, seed) {
      let world = fresh();
      let number = 0;
      const property = fc.asyncProperty(cases, async (each) => {
        number += 1;
        if (number % CASES_OF_A_WORLD === 0) world = fresh();
        await check(world, each, number);
      });
      return fc.assert(property, { numRuns, seed, timeout: HANGS });
    },
  };
}

/** Telemetry whose metric `Unexpected` is a failed case: something threw that nobody had a plan for. */
export function strictTelemetry() {
  const remembering = rememberingTelemetry();
  return {
    ...remembering,
    begin: () => undefined,
    flush: () => undefined,
    metric: (...[name, value, dimensions]: Parameters<typeof remembering.metric>) => {
      if (name === "Unexpected") throw new Error(`nobody had a plan: ${remembering.lines.at(-1) ?? ""}`);
      remembering.metric(name, value, dimensions);
    },
  };
}
