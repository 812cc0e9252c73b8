import { buildSync } from "esbuild";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundling } from "../lib/constructs/bundles.ts";
import { listen } from "../local/aws/listen.ts";
import { PUBLISHED } from "./functions.ts";
import { percentiles } from "./percentiles.ts";

/** Medians in ms: of wall clock, and of CPU, which is what a small Lambda has little of. */
interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}
export interface FirstCalls {
  readonly init: Cost;
  /** The first read and the first Publish of a sandbox. */
  readonly first: Cost;
}

/** First calls of fresh processes over loopback without TLS, rehearsed in init and not, `rounds` times in turn. */
export async function firstCalls(rounds: number): Promise<Readonly<Record<"plain" | "rehearsed", FirstCalls>>> {
  const directory = mkdtempSync(join(tmpdir(), "push-bench-"));
  const aws = await listen(createServer((request, response) => {
    const json = request.headers["x-amz-target"] !== undefined;
    request.resume();
    response.setHeader("content-type", json ? "application/x-amz-json-1.0" : "text/xml");
    response.end(json ? '{"Responses":{}}' : PUBLISHED);
  }), 0);
  const file = join(directory, "index.mjs");
  const environment = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" };
  try {
    buildSync({ ...bundling, entryPoints: [join(import.meta.dirname, "first-calls-sandbox.ts")], outfile: file });
    const run = async (mode: string) => {
      const { stdout } = await promisify(execFile)(process.execPath, [file, mode], { env: environment });
      return JSON.parse(stdout) as FirstCalls;
    };
    const [plain, rehearsed]: [FirstCalls[], FirstCalls[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await run("plain"));
      rehearsed.push(await run("rehearsed"));
    }
    return { plain: medians(plain), rehearsed: medians(rehearsed) };
  } finally {
    await aws.close();
    rmSync(directory, { recursive: true });
  }
}

function medians(runs: readonly FirstCalls[]): FirstCalls {
  const of = (pick: (run: FirstCalls) => number) => percentiles(runs.map(pick)).p50;
  return {
    init: { ms: of(({ init }) => init.ms), cpuMs: of(({ init }) => init.cpuMs) },
    first: { ms: of(({ first }) => first.ms), cpuMs: of(({ first }) => first.cpuMs) },
  };
}
