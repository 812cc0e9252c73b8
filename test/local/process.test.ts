import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { localProgram } from "../../bin/local/program.ts";
import { startLocalHost } from "../../local/host.ts";
import { runHere } from "../support/process/in-process.ts";
import { eventually } from "../support/process/waiting.ts";

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

/** `npm start` without npm; synthesizes the stage unless another test has. */
function start(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--import", "tsx", "bin/local.ts"], {
    env: { ...process.env, ...environment },
  });
  children.push(child);
  const output = { out: "", error: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.error += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, output, exit };
}

/** Process ids, as Linux reports them. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);

const ready = (output: { out: string }) =>
  eventually(() => /^ready (http:\/\/127\.0\.0\.1:\d+)$/mu.exec(output.out)?.[1]);

it("npm start says once that it is ready, lists its addresses, and stops all its processes on Ctrl-C", async () => {
  const { child, output, exit } = start({ PORT: "0" });
  const url = await ready(output);
  expect((await fetch(`${url}/_local/health`)).status).toBe(200);
  expect(output.out.match(/^ready /gmu)).toHaveLength(1);
  for (const path of ["/push/connect", "/_local/mailbox", "/_local/phones", "/_local"])
    expect(output.out).toContain(url + path);

  const { port } = new URL(url);
  const second = await runHere(localProgram(), [], { PORT: port });
  expect(second).toMatchObject({ code: 1, out: "", err: expect.stringContaining(`port ${port} is taken`) as string });

  const started = childrenOf(child.pid ?? 0);
  expect(started).not.toEqual([]); // the DynamoDB engine among them
  child.kill("SIGINT");
  expect(await exit).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
  await eventually(() => (started.some((pid) => existsSync(`/proc/${pid}`)) ? undefined : true));
});

it("reports a killed DynamoDB engine in /_local/health and once on standard error", async () => {
  const complaints = vi.spyOn(console, "error").mockReturnValue();
  const others = childrenOf(process.pid);
  const host = await startLocalHost({ port: 0 });
  try {
    const health = async () => {
      const answer = await fetch(`${host.url}/_local/health`);
      return { status: answer.status, body: (await answer.json()) as unknown };
    };
    expect(await health()).toEqual({ status: 200, body: { status: "ok" } });
    const engine = childrenOf(process.pid).find(
      (pid) => !others.includes(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dynoxide"),
    );
    process.kill(Number(engine), "SIGKILL");
    await eventually(async () => ((await health()).status === 503 ? true : undefined));
    expect(await health()).toEqual({
      status: 503,
      body: { status: "down", down: { dynamodb: "the engine does not answer: start this host again" } },
    });
    expect((await fetch(`${host.url}/_local/health`, { method: "HEAD" })).status).toBe(503);
    const said = () => complaints.mock.calls.filter(([text]) => String(text).includes("the DynamoDB engine ended"));
    await eventually(() => (said().length > 0 ? true : undefined));
    expect(said()).toHaveLength(1);
  } finally {
    await host.stop();
    complaints.mockRestore();
  }
});

it.each([
  ["PORT=http", 2, { PORT: "http" }, 'PORT must be a number from 0 to 65535, not "http"'],
  [
    "a DynamoDB that does not answer",
    1,
    { PORT: "0", DYNAMODB_ENDPOINT: "http://127.0.0.1:9" },
    "DYNAMODB_ENDPOINT: nothing answers",
  ],
])("%s ends npm start with a clear message", async (_, code, environment, message) => {
  const told = await runHere(localProgram(), [], environment);
  expect([told.code, told.err]).toEqual([code, expect.stringContaining(message)]);
});
