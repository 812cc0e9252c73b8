import { parseArgs } from "node:util";
import { ConfigError, readStage, type StageInput } from "../../lib/config.ts";
import { say, table } from "../admin/terminal.ts";
import { readAccount } from "./aws-account.ts";
import { compare, exitCode } from "./compare.ts";
import type { Load } from "./needs.ts";
import type { Row } from "./row.ts";

const USAGE = "usage: npm run deploy -- STAGE --check [--pbxes N] [--pushes N (per PBX and day)] [--json]";

/**
 * `npm run deploy -- STAGE --check`: compares what the AWS account and the stage's own limits allow with what the load
 * needs; changes nothing. Returns the exit code (bin/deploy/compare.ts). Throws a ConfigError for wrong usage.
 */
export async function check(
  name: string,
  stages: Readonly<Record<string, StageInput>>,
  args: readonly string[],
): Promise<number> {
  const stage = readStage(name, stages);
  const { pbxes, pushes, json } = options(args);
  const load: Load = { pbxes: pbxes ?? stage.pbxes, pushesPerPbxAndDay: pushes ?? stage.pushesPerPbxAndDay };
  const told = stages[name]?.quotas ?? {};
  const rows = compare({ stage, load, told, account: await readAccount(stage) });
  if (json) say(JSON.stringify({ stage: name, region: stage.region, load, rows }, undefined, 2));
  else show(name, stage.region, load, rows);
  return exitCode(rows);
}

function options(args: readonly string[]) {
  const whole = (text: string | undefined): number | undefined => {
    if (text !== undefined && !/^[1-9]\d{0,6}$/u.test(text))
      throw new ConfigError([`${text} is no number of 1 to 9,999,999`, USAGE]);
    return text === undefined ? undefined : Number(text);
  };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        check: { type: "boolean" },
        pbxes: { type: "string" },
        pushes: { type: "string" },
        json: { type: "boolean" },
      },
    });
    return { pbxes: whole(values.pbxes), pushes: whole(values.pushes), json: values.json ?? false };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([(error as Error).message, USAGE]);
  }
}

function show(name: string, region: string, { pbxes, pushesPerPbxAndDay }: Load, rows: readonly Row[]): void {
  say(`Stage ${name} in ${region}, for ${pbxes} PBXes with ${pushesPerPbxAndDay} pushes a day each\n`);
  const cells = rows.map(({ what, have, need, verdict, todo }) => [what, have, need, verdict, todo]);
  say(table(["LIMIT", "HAVE", "NEED", "VERDICT", "WHAT TO DO"], cells));
  const count = (verdict: Row["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  say(`\n${count("ok")} ok, ${count("below")} below the need, ${count("unknown")} unknown`);
}
