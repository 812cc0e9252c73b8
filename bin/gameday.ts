import { runGameDay } from "../tools/gameday/run.ts";

/** `npm run gameday`: breaks the service on this machine in its main ways and shows which alarms ring. */
process.exitCode = await runGameDay(process.env);
