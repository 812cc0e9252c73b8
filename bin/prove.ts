import { proveProgram } from "./prove/program.ts";
import { main } from "./shared/program.ts";

await main(proveProgram());
