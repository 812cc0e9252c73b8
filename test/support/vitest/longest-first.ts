import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, by waiting or by starting processes: begun last, it would end long after everything else. */
const LONG = [
  /\/e2e\/(observability|operator|privacy|admin|registration)\.test\.ts$/u,
  /\/(prove|changes|fallbacks|process|lean-client|storm|template|ownership\.model|cost|pbx-cli)\.test\.ts$/u,
];

/** A fresh clone knows no durations of earlier runs: the long files begin first, in this order; the rest as ever. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONG.findIndex((pattern) => pattern.test(moduleId));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
