import { runDemo } from "./local/demo.ts";
import { runHost } from "./local/run.ts";

/** `npm start` runs the service on this machine until it is told to end; `npm run demo` tells its story once. */
const [command] = process.argv.slice(2);
if (command === undefined) await runHost(process.env);
else if (command === "demo") process.exitCode = await runDemo(process.env);
else {
  console.error(`unknown command ${command}: npm start, or npm run demo`);
  process.exitCode = 2;
}
