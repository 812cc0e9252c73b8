import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { EXIT, interrupted, say } from "../../bin/shared/terminal.ts";
import type { AccountSource } from "./accounts.ts";
import { fleetPage } from "./report/page.tsx";
import { machineLine } from "../shared/machine.ts";
import { progressBar } from "./progress.ts";
import { fleetReport, type FleetReport, type Thresholds } from "./report/report.ts";
import { rows, verdict } from "./report/rows.ts";
import { runFleet, type FleetOptions } from "./run.ts";

export interface FleetCommand extends Omit<FleetOptions, "accounts" | "signal" | "onPost" | "onEvent" | "onProgress"> {
  readonly source: AccountSource;
  readonly pbxes: number;
  readonly thresholds: Thresholds;
  /** Directory of the reports. */
  readonly out: string;
  /** Print the report as JSON instead of a table. */
  readonly json: boolean;
}

/** Gets accounts, runs, reports, and releases the accounts. Returns the exit code. */
export async function fleet(command: FleetCommand): Promise<number> {
  const signal = interrupted();
  await mkdir(command.out, { recursive: true }); // fails before anything is measured
  const bar = progressBar(command.pbxes);
  const { accounts, release } = await command
    .source(signal, (share) => bar.prepare(share))
    .catch((error: unknown) => {
      bar.stop();
      throw error;
    });
  try {
    const options: FleetOptions = { ...command, accounts, signal, onProgress: (progress) => bar.show(progress) };
    const run = await runFleet(options);
    bar.stop();
    const report = fleetReport(options, run, command.thresholds);
    await write(report, command);
    if (signal.aborted) return EXIT.interrupted;
    if (report.connections.logins === 0) return EXIT.unreachable;
    return report.broken.length === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    bar.stop();
    await release();
  }
}

async function write(report: FleetReport, { out, json }: FleetCommand): Promise<void> {
  const name = `fleet-${report.startedAt.replace(/[:.]/gu, "-")}`;
  const files = { json: join(out, `${name}.json`), html: join(out, `${name}.html`) };
  const text = JSON.stringify(report, null, 2);
  await Promise.all([writeFile(files.json, `${text}\n`), writeFile(files.html, fleetPage(report))]);
  if (json) return console.log(text);
  const table = new Table({ colWidths: [24, 92], wordWrap: true, style: { border: [], compact: true } });
  table.push(...rows(report).map((row) => [...row]));
  say(machineLine(report.machine));
  console.log(table.toString());
  say(verdict(report));
  say(files.html);
  say(files.json);
}
