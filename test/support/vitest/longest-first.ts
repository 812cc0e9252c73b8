import { BaseSequencer, type TestSpecification } from "vitest/node";

/** As many as there are workers: they take longest, one by the CDK, the others by waiting. */
const FIRST = [/\/(changes|transcript)\.test\.ts$/u, /\/e2e\/(rights|privacy)\.test\.ts$/u];
/** What takes long, by waiting or by starting processes: begun last, it would end long after everything else. */
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
 * A fresh clone knows no durations of earlier runs: the long files begin first, in this order; the rest as ever. A worker is
 * ended when its next file is of another project, and the CDK takes seconds to load: what else needs it comes at once.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) =>
      100 * place(FIRST, file) + (file.project.name === "lib" ? 0 : 10) + place(LONG, file);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
