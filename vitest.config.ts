import { defineConfig } from "vitest/config";
import { HOOK_MS, TEST_MS, WAIT_MS } from "./test/support/process/waiting.ts";
import { LongestFirst } from "./test/support/vitest/longest-first.ts";

/** A browser through every page, the game day and its alarms, 10,000 hostile inputs, the bench, a fleet: npm run test:long. */
const LONG = [
  "test/**/*.browser.test.ts",
  "test/usecases/mail/simulated-day.test.ts",
  "test/e2e/observability.test.ts",
  "test/local/metrics/alarms.test.ts",
  "test/tools/fuzz/fuzz.test.ts",
  "test/tools/bench/processes.test.ts",
  "test/tools/fleet/fleet.test.ts",
];
/** A machine that is busy with other tests would miss the deadlines of a loaded service: these run alone, last. */
const LOAD = ["test/e2e/load/*.test.ts", "test/tools/fleet/fleet.load.test.ts"];

export default defineConfig({
  test: {
    environment: "node",
    isolate: false, // files of one worker share what it has loaded: half of all CPU otherwise
    globalSetup: "test/support/vitest/temporary-directory.ts",
    testTimeout: TEST_MS,
    hookTimeout: HOOK_MS,
    teardownTimeout: HOOK_MS,
    expect: { poll: { timeout: WAIT_MS } },
    // CloudFormation's own rules take half of a synthesis and are checked by `npm run synth`; cdk-nag's are checked here.
    env: { CDK_VALIDATION: "false" },
    maxWorkers: 4, // half of them only wait
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lib/**", "test/**/*.slow.test.ts", ...LONG, ...LOAD],
        },
      },
      { extends: true, test: { name: "lib", include: ["test/lib/**/*.test.ts"] } },
      { extends: true, test: { name: "long", include: LONG, sequence: { groupOrder: 1 } } },
      { extends: true, test: { name: "load", include: LOAD, maxWorkers: 1, sequence: { groupOrder: 2 } } },
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
