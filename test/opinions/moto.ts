import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, globSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../local/aws/listen.ts";
import { step } from "../deploy/steps.ts";
import { endAll, run } from "../support/programs/child.ts";
import { installPackages } from "../support/programs/python.ts";
import { motoLacks } from "./moto-lacks.ts";

/**
 * `npm run test:moto`: the adapters' contract tests against moto, an emulator of AWS written by others. Ends with 1 if one fails,
 * or if one is skipped without a reason in moto-lacks.ts.
 */
const root = resolve(import.meta.dirname, "../..");
const directory = join(root, ".local", "moto-run");
const log = join(directory, "install.log");
/** Time limit of the tests in s; they take less than one minute on an idle machine. */
const LONGEST = 300;

await mkdir(directory, { recursive: true });
const python = await step("install moto in a virtual environment of its own", () =>
  installPackages({
    directory: join(root, ".local", "moto"),
    requirements: join(import.meta.dirname, "moto.txt"),
    log,
  }),
);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = spawn(python, [join(import.meta.dirname, "serve_moto.py"), String(port)], {
  stdio: ["pipe", "pipe", "pipe"],
});
const serverLog = createWriteStream(join(directory, "moto.log"));
server.stdout.pipe(serverLog, { end: false });
server.stderr.pipe(serverLog, { end: false });
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    endAll();
    server.kill("SIGKILL");
    process.exit(1);
  });
try {
  await step("start it on loopback", () => ready(server));
  const report = join(directory, "report.json");
  const files = await contracts();
  await step(`run ${files.length} files of contract tests against it`, () => test(files, report)).finally(async () => {
    for (const line of told(JSON.parse(await readFile(report, "utf8")) as Report)) console.log(line);
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\nlogs: ${directory}`);
  process.exitCode = 1;
} finally {
  const ended = server.exitCode === null ? once(server, "exit") : undefined;
  server.stdin.end();
  await ended;
}

/** Test files that can run against AWS or an emulator. */
async function contracts(): Promise<readonly string[]> {
  const files = globSync("test/adapters/**/*.test.ts", { cwd: root });
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), "utf8")));
  return files.filter((_, index) => /support\/aws\/(dynamo|services)\.ts"/u.test(texts[index] ?? "")).sort();
}

async function ready(child: ChildProcess): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until && child.exitCode === null) {
    if ((await fetch(`${url}/moto-api/`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined))?.ok) return;
    await sleep(100);
  }
  throw new Error("moto did not start: see moto.log");
}

function test(files: readonly string[], report: string): Promise<string> {
  const lacking = motoLacks.map(({ test }) => test.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"));
  const but = lacking.length === 0 ? [] : ["--testNamePattern", `^(?!.*(${lacking.join("|")}))`];
  return run({
    program: join(root, "node_modules", ".bin", "vitest"),
    // One file at a time, as they share the tables' names.
    args: [
      "run",
      "--project",
      "all",
      "--no-file-parallelism",
      "--testTimeout=60000",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...but,
      ...files,
    ],
    env: { ...process.env, DYNAMODB_ENDPOINT: url, MOTO_URL: url },
    cwd: root,
    log: join(directory, "tests.log"),
    seconds: LONGEST,
  });
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What passed and what was skipped, one line each. Throws an Error for a skip without a reason, and for a reason without a skip. */
function told({ numPassedTests, testResults }: Report): readonly string[] {
  const skipped = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== "passed" && status !== "failed").map(({ fullName }) => fullName),
  );
  const unexplained = skipped.filter((name) => !motoLacks.some(({ test }) => name.includes(test)));
  const unused = motoLacks.filter(({ test }) => !skipped.some((name) => name.includes(test)));
  if (unexplained.length > 0) throw new Error(`skipped without a reason in moto-lacks.ts: ${unexplained.join("; ")}`);
  if (unused.length > 0)
    throw new Error(
      `no test has these names from moto-lacks.ts any more: ${unused.map(({ test }) => test).join("; ")}`,
    );
  return [`${numPassedTests} passed`, ...motoLacks.map(({ test, reason }) => `skipped: ${test} (${reason})`)];
}
