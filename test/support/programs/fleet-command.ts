import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FleetReport } from "../../../tools/fleet/report/report.ts";
import { SECRET } from "../process/fake-service.ts";
import { bareEnvironment } from "../process/command.ts";
import { WAIT_MS } from "../process/waiting.ts";

export const LOGIN = ["--account", "pbx{n}.example", "--secret", SECRET];

/** `npm run pbx -- fleet` in a process of its own: its exit code, output and report. The report is .tsx, whose types Node cannot strip. */
export async function fleet(args: readonly string[], input = "") {
  const out = await mkdtemp(join(tmpdir(), "fleet-"));
  const child = spawn(process.execPath, ["--import", "tsx", "bin/pbx.ts", "fleet", "--out", out, ...args], {
    env: bareEnvironment(),
    timeout: WAIT_MS,
  });
  child.stdin.end(input);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const files = (await readdir(out)).sort();
  const [html = "", json = "null"] = await Promise.all(files.map((file) => readFile(join(out, file), "utf8")));
  await rm(out, { recursive: true });
  return { code, text, html, report: JSON.parse(json) as FleetReport };
}
