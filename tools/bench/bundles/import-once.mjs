/** Imports the module named by the first argument and prints how long that took, in ms: a process for each measurement. */
const startedAt = performance.now();
await import(process.argv[2] ?? "");
console.log(performance.now() - startedAt);
process.exit(); // clients may keep timers
