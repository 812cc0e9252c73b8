import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { machineLine } from "../shared/machine.ts";
import { ROOT } from "../shared/repository.ts";
import { broken, telemetryMs } from "./limits.ts";
import { highestHeld, isHeld } from "./load/load.ts";
import type { Results } from "./results.ts";

const PAGE = join(ROOT, "docs", "operate", "performance.md");
const END = "<!-- end of history -->";

/** Appends these results to the history in docs/operate/performance.md. Throws an Error if the page has no place for it. */
export function append(results: Results, note: string): void {
  const page = readFileSync(PAGE, "utf8");
  if (!page.includes(END)) throw new Error(`${PAGE} has lost its line ${END}`);
  writeFileSync(PAGE, page.replace(END, `${row(results, note)}\n${END}`));
}

/** A row of the history. It marks a rate not held, a broken promise, and a commit with changes. */
export function row(results: Results, note: string): string {
  const { startedAt, commit, machine, loadBefore, overhead, load = [] } = results;
  const push = results.cold?.push.lean;
  const [warm, cold] = [overhead?.operations["post, warm"], overhead?.operations["post, cold"]];
  const telemetry = telemetryMs(results);
  const both = (each: { p50: number; p99: number } | undefined, digits: number) =>
    each === undefined ? "" : `${each.p50.toFixed(digits)} / ${each.p99.toFixed(digits)}`;
  const at = (rate: number) => {
    const found = load.find((each) => each.rate === rate);
    return both(found, 1) + (found === undefined || isHeld(found) ? "" : " **not held**");
  };
  const breaches = broken(results).length;
  const cells = [
    startedAt.slice(0, 10),
    commit,
    breaches === 0 ? note : `${note} **${breaches} promises broken**`,
    push === undefined ? "" : `${push.bytes.toLocaleString("en")} (${push.inFloor.toFixed(2)} × floor)`,
    both(warm, 2),
    both(cold, 2),
    telemetry?.toFixed(3) ?? "",
    at(50),
    at(100),
    at(200),
    highestHeld(load) ?? (load.length === 0 ? "" : "none"),
    warm?.cpuPer10k.toFixed(1) ?? "",
    `${machineLine(machine)}, load ${loadBefore.toFixed(1)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}
