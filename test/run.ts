import { main } from "../bin/shared/program.ts";
import { testPrograms } from "./programs.ts";

/** `npm run NAME`: the test commands that are no vitest. */
const [name = "", ...args] = process.argv.slice(2);
const program = testPrograms[name];
if (program === undefined) throw new Error(`${name} is none of ${Object.keys(testPrograms).join(", ")}`);
await main(program(), args);
