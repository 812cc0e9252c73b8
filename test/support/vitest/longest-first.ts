import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * These start first, as many as there are workers: they take longest, one because of the CDK, the others by waiting.
 */
const FIRST = [/\/(changes|transcript)\.test\.ts$/u, /\/e2e\/(rights|privacy)\.test\.ts$/u];
/** Slow files, which wait or start processes: begun last, they would end long after everything else. */
const LONG = [
  /\/(observability|console\.browser|owner\.browser|simulated-day)\.test\.ts$/u,
  /\/(operator|prove|registration|ownership\.model|fleet)\.test\.ts$/u,
  /\/(process|storm|admin|rebuild|lean-client|per-token-limit|template|pbx-cli)\.test\.ts$/u,
];

const place = (patterns: readonly RegExp[], { moduleId }: TestSpecification) => {
  const index = patterns.findIndex((pattern) => pattern.test(moduleId));
  return index < 0 ? patterns.length : index;
};

/**
 * A fresh clone has no durations of earlier runs, so the long files start first, in this order; the rest as usual. A
 * worker ends when its next file is of another project, and the CDK takes seconds to load, so the other files that need
 * it follow.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) =>
      100 * place(FIRST, file) + (file.project.name === "lib" ? 0 : 10) + place(LONG, file);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
