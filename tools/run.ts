import type { Command } from "commander";
import { main } from "../bin/shared/program.ts";

/** `npm run NAME`: tools that measure the service or make it fail, each loaded on demand. */
const programs: Readonly<Record<string, () => Promise<Command>>> = {
  bench: async () => (await import("./bench/program.ts")).benchProgram(),
  "bench:console": async () => (await import("./bench/console/program.ts")).consoleBenchProgram(),
  cost: async () => (await import("./cost/program.ts")).costProgram(),
  fuzz: async () => (await import("./fuzz/program.ts")).fuzzProgram(),
  mutate: async () => (await import("./mutate/program.ts")).mutateProgram(),
  gameday: async () => (await import("./gameday/program.ts")).gamedayProgram(),
  scale: async () => (await import("./scale/program.ts")).scaleProgram(),
  sbom: async () => (await import("./sbom/program.ts")).sbomProgram(),
  soak: async () => (await import("./soak/program.ts")).soakProgram(),
};

const [name = "", ...args] = process.argv.slice(2);
const program = programs[name];
if (program === undefined) throw new Error(`${name} is not one of ${Object.keys(programs).join(", ")}`);
await main(await program(), args);
