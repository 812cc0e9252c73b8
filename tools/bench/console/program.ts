import { Command } from "commander";
import { integerFrom } from "../../../bin/shared/options.ts";
import { EXIT } from "../../../bin/shared/terminal.ts";
import { startLocalHost } from "../../../local/host.ts";
import { machine, machineLine } from "../../shared/machine.ts";
import { percentiles } from "../../shared/percentiles.ts";
import { seed } from "./seed.ts";

/** Limit for a page of a list at 10,000 domains on this machine: median of its requests in ms. */
const PROMISE_MS = 300;
const WARM_UPS = 3;

/** Pages of the console that read lists, by their address. */
const PAGES = {
  all: "",
  connected: "?list=connected",
  "never connected": "?list=unused",
  suspended: "?list=suspended",
  "claim open": "?list=claimed",
  "by name": "?search=pbx042",
  "by Unicode name": "?search=%C3%BC",
  "by owner": "?search=owner77",
  "by nothing": "?search=nothing",
  "claims to decide": "/claims",
  "blocked addresses": "/suppressed",
} as const;

/** `npm run bench:console`. */
export const consoleBenchProgram = (): Command =>
  new Command("npm run bench:console --")
    .description("How long the console's lists take on this machine, from request to the page's last byte.")
    .option("--domains <n>", "domains in the tables", integerFrom(1, 100_000), 10_000)
    .option("--requests <n>", "measured requests of each page", integerFrom(5, 1_000), 30)
    .addHelpText("after", `\nExit code: 0 every median is within ${PROMISE_MS} ms, 1 one is not, 2 wrong usage.`)
    .action(async ({ domains, requests }: { domains: number; requests: number }) => {
      console.error(machineLine(machine()));
      process.exitCode = (await bench(domains, requests)) ? EXIT.ok : EXIT.failed;
    });

async function bench(domains: number, requests: number): Promise<boolean> {
  const host = await startLocalHost({ port: 0, patience: 20 });
  try {
    const cookie = await seed(host, domains);
    let held = true;
    console.log(`| page, ${domains} domains | median ms | slowest ms | next page, median ms |\n|---|---|---|---|`);
    for (const [name, address] of Object.entries(PAGES)) {
      const url = `${host.url}/push/admin${address}`;
      const first = await timed(url, cookie, requests);
      const following = first.next === undefined ? undefined : await timed(host.url + first.next, cookie, requests);
      held &&= [first, following].every((each) => each === undefined || each.p50 <= PROMISE_MS);
      const then = following === undefined ? "–" : following.p50.toFixed(0);
      console.log(`| ${name} | ${first.p50.toFixed(0)} | ${first.max.toFixed(0)} | ${then} |`);
    }
    return held;
  } finally {
    await host.stop();
  }
}

/** Sequential requests; also returns the address of the next page, if any. */
async function timed(url: string, cookie: string, requests: number) {
  const times: number[] = [];
  let next: string | undefined;
  for (let count = 0; count < WARM_UPS + requests; count += 1) {
    const begun = performance.now();
    const response = await fetch(url, { headers: { cookie, accept: "text/html" } });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
    if (count >= WARM_UPS) times.push(performance.now() - begun);
    next = /href="([^"]*after=[^"]*)"/u.exec(text)?.[1]?.replaceAll("&amp;", "&");
  }
  return { ...percentiles(times), next };
}
