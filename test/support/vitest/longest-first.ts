import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The slowest files, which wait or start processes: begun last, they would end long after everything else. */
const LONG = [
  /\/e2e\/(transcript|rights|observability)\.test\.ts$/u,
  /\/browser\/(console|owner)\.browser\.test\.ts$/u,
  /\/(changes|fallbacks|simulated-day|prove|operator|privacy|ownership\.model|registration|fleet)\.test\.ts$/u,
  /\/(process|storm|admin|rebuild|lean-client|per-token-limit|template|pbx-cli|cost)\.test\.ts$/u,
];

/**
 * A fresh clone has no durations of earlier runs, so the long files begin first, in this order; the rest as usual. A
 * worker serves one project and each change starts a process, so files that need the CDK run together, before all
 * others.
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
