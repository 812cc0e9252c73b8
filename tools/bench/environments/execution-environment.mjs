import { writeFileSync } from "node:fs";

/**
 * An execution environment of Lambda, as far as cost goes: a fresh process that imports a bundle and hands it events. Writes JSON to its
 * fourth stream (environments.ts); its log goes where the parent sends it. Arguments: file of the bundle; event as JSON, `$N` in
 * it counted up; events after the first; events/s, 0 for one after the other.
 */
const [file, event, count, rate] = process.argv.slice(2);

async function timed(work) {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

const loaded = await timed(() => import(file));
const { handler } = loaded.result;

let sent = 0;
const failed = [];
const once = async () => {
  const given = JSON.parse(event.replaceAll("$N", String((sent += 1))));
  given.requestContext.requestTimeEpoch = Date.now();
  const startedAt = performance.now();
  const answer = await handler(given, {});
  const ms = performance.now() - startedAt;
  if (answer?.statusCode !== 200 || answer.body?.includes('"err"')) failed.push(JSON.stringify(answer));
  return ms;
};
const first = handler && event ? await timed(once) : undefined;

const times = [];
const rest = await timed(async () => {
  const startedAt = performance.now();
  const under = [];
  for (let n = 0; n < Number(count); n += 1) {
    const work = once().then((ms) => times.push(ms));
    if (Number(rate) === 0) await work;
    else {
      under.push(work);
      const pause = startedAt + ((n + 1) * 1_000) / Number(rate) - performance.now();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  await Promise.all(under);
});

const cost = (part) => part && { ms: part.ms, cpuMs: part.cpuMs };
writeFileSync(
  3,
  JSON.stringify({
    load: cost(loaded),
    first: cost(first),
    rest: cost(rest),
    times,
    failed,
    memoryMiB: process.resourceUsage().maxRSS / 1_024,
  }),
);
process.exit(); // clients keep connections
