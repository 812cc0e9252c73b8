import { pbxProgram } from "./pbx/program.ts";
import { main } from "./shared/program.ts";

await main(pbxProgram());
