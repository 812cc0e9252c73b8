import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { ConfigError, readStage } from "../lib/config.ts";
import { stages } from "../stages.ts";
import { check } from "./deploy/check.ts";

/**
 * `npm run deploy -- STAGE [options of cdk deploy]`: checks the stage, then deploys all its stacks with the pinned CLI.
 * With `--check` it deploys nothing and says whether the account's quotas suffice.
 */
const [stage, ...options] = process.argv.slice(2);
try {
  if (stage === undefined || stage.startsWith("-"))
    throw new ConfigError([`usage: npm run deploy -- STAGE [--check], one of ${Object.keys(stages).join(", ")}`]);
  process.exitCode = options.includes("--check") ? await check(stage, stages, options) : deploy(stage);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = options.includes("--check") ? 2 : 1;
}

function deploy(stage: string): number {
  readStage(stage, stages);
  const cdk = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
  const { status, error } = spawnSync(process.execPath, [cdk, "deploy", "--all", "-c", `stage=${stage}`, ...options], {
    stdio: "inherit",
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}
