import type { StageConfig, StageInput } from "../../lib/config.ts";
import { awsCredentials } from "../shared/credentials.ts";
import { print, say, table } from "../shared/terminal.ts";
import { readAccount } from "./aws-account.ts";
import { compare, exitCode } from "./compare.ts";
import type { Load } from "./needs.ts";
import type { Row } from "./row.ts";

export interface CheckOptions {
  readonly pbxes?: number;
  /** Per PBX and day. */
  readonly pushes?: number;
  readonly json?: true;
}

/**
 * Compares what the AWS account and the stage's own limits allow with what the load needs; changes nothing. Returns the
 * exit code (bin/deploy/compare.ts). Throws a Failure without AWS credentials.
 * @param told quotas that no AWS API returns, as the stage's operator gives them
 */
export async function check(
  stage: StageConfig,
  told: NonNullable<StageInput["quotas"]>,
  { pbxes, pushes, json }: CheckOptions,
): Promise<number> {
  const load: Load = { pbxes: pbxes ?? stage.pbxes, pushesPerPbxAndDay: pushes ?? stage.pushesPerPbxAndDay };
  await awsCredentials();
  const rows = compare({ stage, load, told, account: await readAccount(stage) });
  if (json) print({ stage: stage.name, region: stage.region, load, rows });
  else show(stage.name, stage.region, load, rows);
  return exitCode(rows);
}

function show(name: string, region: string, { pbxes, pushesPerPbxAndDay }: Load, rows: readonly Row[]): void {
  say(`Stage ${name} in ${region}, for ${pbxes} PBXes with ${pushesPerPbxAndDay} pushes a day each\n`);
  const cells = rows.map(({ what, have, need, verdict, todo }) => [what, have, need, verdict, todo]);
  say(table(["LIMIT", "HAVE", "NEED", "VERDICT", "WHAT TO DO"], cells));
  const count = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  say(`\n${count("ok")} ok, ${count("below")} below the need, ${count("unknown")} unknown`);
}
