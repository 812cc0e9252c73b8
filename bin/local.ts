import { localProgram } from "./local/program.ts";
import { complain, EXIT } from "./shared/terminal.ts";
import { main } from "./shared/program.ts";

const OLDEST_NODE = 22;
if (Number.parseInt(process.versions.node) < OLDEST_NODE) {
  complain(
    `this is Node ${process.versions.node}; the service on this machine needs Node ${OLDEST_NODE} or newer. On Linux x64 npm ci ` +
      "brings Node 24 for npm scripts (unless optional packages are left out); elsewhere please install a newer Node.",
  );
  process.exitCode = EXIT.failed;
} else await main(localProgram());
