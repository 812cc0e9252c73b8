import { adminProgram } from "./admin/program.ts";
import { main } from "./shared/program.ts";

await main(adminProgram());
