/** `npm start` runs the service on this machine until it is told to end; `npm run demo` tells its story once. */
const OLDEST_NODE = 22;
const [command] = process.argv.slice(2);
if (Number.parseInt(process.versions.node) < OLDEST_NODE) {
  console.error(
    `this is Node ${process.versions.node}; the service on this machine needs Node ${OLDEST_NODE} or newer. On Linux x64 npm ci ` +
      "brings Node 24 for npm scripts (unless optional packages are left out); elsewhere please install a newer Node.",
  );
  process.exitCode = 1;
} else if (command === undefined) await (await import("./local/run.ts")).runHost(process.env);
else if (command === "demo") process.exitCode = await (await import("./local/demo.ts")).runDemo(process.env);
else {
  console.error(`unknown command ${command}: npm start, or npm run demo`);
  process.exitCode = 2;
}
