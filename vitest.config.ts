import { defineConfig } from "vitest/config";
import { HOOK_MS, TEST_MS, WAIT_MS } from "./test/support/process/waiting.ts";
import { LongestFirst } from "./test/support/vitest/longest-first.ts";

/** A browser through every page, the game day and its alarms, 10,000 hostile inputs, a fleet: npm run test:long. */
const LONG = ["test/**/*.browser.test.ts", "test/e2e/observability.test.ts", "test/local/metrics/alarms.test.ts", "test/tools/fuzz/fuzz.test.ts", "test/tools/fleet/fleet.test.ts"];
/** A machine that is busy with other tests would miss the deadlines of a loaded service: these run alone, last. */
const LOAD = ["test/e2e/faults.test.ts", "test/e2e/flood.test.ts", "test/e2e/outages.test.ts", "test/tools/fleet/fleet.load.test.ts"];
const ALONE = ["test/e2e/push.test.ts"];

export default defineConfig({
  test: {
    environment: "node",
    globalSetup: "test/support/vitest/temporary-directory.ts",
    testTimeout: TEST_MS,
    hookTimeout: HOOK_MS,
    teardownTimeout: HOOK_MS,
    expect: { poll: { timeout: WAIT_MS } },
    maxWorkers: 3, // some only wait
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lib/**", "test/**/*.slow.test.ts", ...LONG, ...LOAD, ...ALONE],
        },
      },
      // One synthesis of a stage serves the files of a worker.
      { extends: true, test: { name: "lib", include: ["test/lib/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "alone", include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: "long", include: LONG, sequence: { groupOrder: 2 } } },
      { extends: true, test: { name: "load", include: LOAD, maxWorkers: 1, sequence: { groupOrder: 3 } } },
      // Measures again what is committed; not part of npm test.
      { extends: true, test: { name: "slow", include: ["test/**/*.slow.test.ts"] } },
    ],
    coverage: {
      provider: "v8",
      include: ["lambdas/core/**", "lambdas/usecases/**"],
      thresholds: { branches: 95 },
      reporter: ["text-summary", "json-summary"],
    },
  },
});
