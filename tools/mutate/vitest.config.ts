import { defineConfig } from "vitest/config";
import { QuickestFirst } from "./quickest-first.ts";
import { HOOK_MS, TEST_MS, WAIT_MS } from "../../test/support/process/waiting.ts";

/** The tests that must notice a mutant: MUTATE_TESTS, except those that try thousands of cases themselves. */
export default defineConfig({
  test: {
    environment: "node",
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    setupFiles: "tools/mutate/quick-properties.ts",
    testTimeout: TEST_MS,
    hookTimeout: HOOK_MS,
    expect: { poll: { timeout: WAIT_MS } },
    include: (process.env["MUTATE_TESTS"] ?? "").split(","),
    exclude: [
      "test/usecases/mail/simulated-day.test.ts",
      "test/usecases/domains/ownership.model.test.ts",
      "test/usecases/push/post.property.test.ts",
    ],
  },
});
