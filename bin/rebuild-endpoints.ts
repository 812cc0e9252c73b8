import { rebuildProgram } from "./rebuild/program.ts";
import { main } from "./shared/program.ts";

await main(rebuildProgram());
