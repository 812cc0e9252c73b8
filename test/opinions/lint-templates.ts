import { globSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { run } from "../support/programs/child.ts";
import { step } from "../deploy/steps.ts";
import { synthesize } from "../lib/synthesize.ts";
import { installPackages } from "../support/programs/python.ts";
import { lintedRegions, lintedStages } from "./lint-stages.ts";
import { reasons } from "./lint-reasons.ts";

/**
 * `npm run lint:templates`: cfn-lint, which knows the schema of every resource, over all templates of the stages in
 * lint-stages.ts, synthesized in each of three Regions. Ends with 1 for a finding without a reason in lint-reasons.ts, and for a reason without a finding.
 */
const root = resolve(import.meta.dirname, "../..");
const directory = join(root, ".local", "lint-templates");
const log = join(directory, "cfn-lint.log");
/** Time limit of cfn-lint in s; it takes less than one minute on an idle machine. */
const LONGEST = 300;

interface Finding {
  readonly Filename: string;
  readonly Message: string;
  readonly Level: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** Holds the assemblies, which stay until the next run. */
const temporary = join(directory, "assemblies");

await rm(temporary, { recursive: true, force: true });
await mkdir(temporary, { recursive: true });
process.env["TMPDIR"] = temporary;
process.chdir(root);
try {
  const python = await step("install cfn-lint in a virtual environment of its own", () =>
    installPackages({
      directory: join(root, ".local", "cfn-lint"),
      requirements: join(import.meta.dirname, "cfn-lint.txt"),
      log,
    }),
  );
  const findings: Finding[] = [];
  for (const region of lintedRegions) {
    const stages = Object.entries(lintedStages);
    const templates = await step(`synthesize ${stages.map(([name]) => name).join(", ")} in ${region}`, () =>
      Promise.resolve(
        stages.flatMap(([name, input]) => {
          const assembly = synthesize(name, { ...input, region }).directory;
          return globSync("*.template.json", { cwd: assembly }).map((file) => join(assembly, file));
        }),
      ),
    );
    const output = join(directory, `findings-${region}.json`);
    await step(`lint ${templates.length} templates`, () =>
      run({
        program: join(dirname(python), "cfn-lint"),
        args: [
          ...["--format", "json", "--output-file", output, "--non-zero-exit-code", "none"],
          ...["--regions", region, "--template", ...templates],
        ],
        env: process.env,
        log,
        seconds: LONGEST,
      }),
    );
    findings.push(...(JSON.parse(await readFile(output, "utf8")) as readonly Finding[]));
  }
  judge(findings);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function judge(findings: readonly Finding[]): void {
  const known = (finding: Finding) =>
    reasons.find(({ rule, about }) => rule === finding.Rule.Id && about.test(`${finding.Message} ${pathOf(finding)}`));
  const unknown = findings.filter((finding) => known(finding) === undefined);
  const unused = reasons.filter((reason) => !findings.some((finding) => known(finding) === reason));
  for (const { rule, reason } of reasons) {
    const count = findings.filter((finding) => known(finding)?.reason === reason).length;
    console.log(`accepted ${count} × ${rule}: ${reason}`);
  }
  for (const finding of unknown)
    console.error(`${basename(finding.Filename)} ${finding.Rule.Id} at ${pathOf(finding)}: ${finding.Message}`);
  if (unknown.length > 0)
    throw new Error(`${unknown.length} findings without a reason in test/opinions/lint-reasons.ts`);
  if (unused.length > 0)
    throw new Error(
      `reasons without a finding in test/opinions/lint-reasons.ts: ${unused.map(({ rule, reason }) => `${rule} ${reason}`).join("; ")}`,
    );
}

function pathOf({ Location: { Path } }: Finding): string {
  return (Path ?? []).join("/");
}
