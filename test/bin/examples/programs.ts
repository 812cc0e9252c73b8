import type { Command } from "commander";
import { adminProgram } from "../../../bin/admin/program.ts";
import { deployProgram } from "../../../bin/deploy/program.ts";
import { localProgram } from "../../../bin/local/program.ts";
import { pbxProgram } from "../../../bin/pbx/program.ts";
import { proveProgram } from "../../../bin/prove/program.ts";
import { rebuildProgram } from "../../../bin/rebuild/program.ts";
import { consoleBenchProgram } from "../../../tools/bench/console/program.ts";
import { benchProgram } from "../../../tools/bench/program.ts";
import { costProgram } from "../../../tools/cost/program.ts";
import { fuzzProgram } from "../../../tools/fuzz/program.ts";
import { gamedayProgram } from "../../../tools/gameday/program.ts";
import { mutateProgram } from "../../../tools/mutate/program.ts";
import { scaleProgram } from "../../../tools/scale/program.ts";
import { sbomProgram } from "../../../tools/sbom/program.ts";
import { soakProgram } from "../../../tools/soak/program.ts";
import { testPrograms } from "../../programs.ts";

/** Every command line, by its name in examples. */
export const programs: Readonly<Record<string, () => Command>> = {
  "push-admin": adminProgram,
  "push-pbx": pbxProgram,
  start: localProgram,
  demo: localProgram,
  deploy: deployProgram,
  prove: proveProgram,
  "rebuild-endpoints": rebuildProgram,
  bench: benchProgram,
  "bench:console": consoleBenchProgram,
  cost: costProgram,
  fuzz: fuzzProgram,
  gameday: gamedayProgram,
  mutate: mutateProgram,
  scale: scaleProgram,
  sbom: sbomProgram,
  soak: soakProgram,
  ...testPrograms,
};
