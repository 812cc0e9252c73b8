import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, by waiting or by starting processes: begun last, it would end long after everything else. */
const LONG = [
  /\/e2e\/(transcript|rights|observability)\.test\.ts$/u,
  /\/browser\/(console|owner)\.browser\.test\.ts$/u,
  /\/(changes|fallbacks|simulated-day|prove|operator|privacy|ownership\.model|registration|fleet)\.test\.ts$/u,
  /\/(process|storm|admin|rebuild|lean-client|per-token-limit|template|pbx-cli|cost)\.test\.ts$/u,
];

/**
 * A fresh clone knows no durations of earlier runs: the long files begin first, in this order; the rest as ever. A worker
 * serves one project, so what needs the CDK comes first of all and together: each change of project starts a process.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const index = LONG.findIndex((pattern) => pattern.test(moduleId));
      return (project.name === "lib" ? 0 : LONG.length + 1) + (index < 0 ? LONG.length : index);
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
