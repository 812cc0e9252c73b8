import { deployProgram, splitArguments } from "./deploy/program.ts";
import { main } from "./shared/program.ts";

/** `npm run deploy -- STAGE [-- options of cdk deploy]`, `npm run deploy -- STAGE --check`. */
const [own, cdk] = splitArguments(process.argv.slice(2));
await main(deployProgram(cdk), own);
