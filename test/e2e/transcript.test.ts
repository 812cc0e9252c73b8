import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminProgram } from "../../bin/admin/program.ts";
import { pbxProgram } from "../../bin/pbx/program.ts";
import { bareEnvironment } from "../support/process/command.ts";
import { addAccount, iosToken, useHost } from "../support/process/host.ts";
import { runHere } from "../support/process/in-process.ts";
import { everyCommand } from "../../bin/shared/program.ts";
import { logIn, openSocket } from "../support/process/raw-socket.ts";
import { eventually, WAIT_MS } from "../support/process/waiting.ts";
import { documentedExamples, examplesIn, once, typed } from "../support/values/examples.ts";

const host = useHost();
const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "push-transcript-"));
afterAll(() => rmSync(directory, { recursive: true }));

const admin = (...args: readonly string[]) => runHere(adminProgram(), args, { PUSH_URL: host().url });
const SECRET = "secret";

/** In this order, each word for word as help and documents write it: exit code, and the first line that it says. */
const EXAMPLES: Readonly<Record<string, readonly [code: number, line: RegExp]>> = {
  "npx push-admin domains add pbx.example.com": [0, /^pbx\.example\.com$/u],
  "npx push-admin domains add pbx.example.com/master": [0, /^pbx\.example\.com\/master$/u],
  "npx push-admin domains add ACCOUNT": [1, /^This account exists already\.$/u],
  "npx push-admin domains show ACCOUNT": [0, /^ *Account +pbx\.example\.com/u],
  "npx push-admin domains show DOMAIN": [0, /^ *Account +pbx\.example\.com/u],
  "npx push-admin doctor DOMAIN": [1, / pbx\.example\.com$/u],
  "npx push-admin whoami": [0, /^API +http/u],
  "npx push-admin domains list --offline": [0, /^ACCOUNT +STATE +OWNER/u],
  "npx push-admin doctor pbx.example.com": [1, / pbx\.example\.com$/u],
  "npx push-admin apps": [0, /^APP +PLATFORM +BUNDLE +STATE +CREDENTIAL OF +EXPIRES/u],
  "npx push-admin domains claims": [0, /^There are none\.$/u],
  "npx push-admin domains decide DOMAIN deny": [1, /^Not a terminal: pass --yes to confirm\.$/u],
  "npx push-admin domains suspend ACCOUNT": [1, /^Not a terminal: pass --yes to confirm\.$/u],
  "npx push-admin domains disconnect ACCOUNT": [1, /^Not a terminal: pass --yes to confirm\.$/u],
  "npx push-admin mail suppressed": [0, /^There are none\.$/u],
  "npx push-admin mail allow ADDRESS": [1, /^Nothing keeps this address from getting mail\.$/u],
  "npx push-admin tokens lift APP:DEVICE": [1, /^This token is not marked as gone\.$/u],
  "npx push-admin push TOKEN --account ACCOUNT": [0, /^Accepted \(ios-call, call; \d+ ms\), /u],
  "npx push-admin push ios-call:ab12… --account pbx.example.com": [1, /^Refused: /u],
  "npx push-admin domains export": [0, /^\{"account":"pbx\.example\.com/u],
  "ADMIN_URL=https://ID.execute-api.eu-central-1.amazonaws.com npx push-admin domains list --json": [
    1,
    /^\{"error":"/u,
  ],
  "npx push-admin domains import domains.ndjson": [1, /^domains\.ndjson: no such file or directory$/u],
  "npx push-admin domains import domains.ndjson.failed": [1, /^domains\.ndjson\.failed: no such file or directory$/u],
  "npx push-admin domains delete pbx.example.com --yes": [0, /^pbx\.example\.com is deleted\.$/u],
  "npx push-admin domains delete DOMAIN --yes": [1, /^There is no such account\.$/u],
};

describe("every example of the operator's command line", () => {
  it("is in the transcript", async () => {
    const texts = [];
    for (const command of everyCommand(adminProgram())) {
      const path = [];
      for (let each = command; each.parent !== null; each = each.parent) path.unshift(each.name());
      texts.push((await admin(...path, "--help")).out);
    }
    const help = texts.flatMap((text) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("  $ "))
        .flatMap(examplesIn),
    );
    const found = once([...help, ...documentedExamples()]).filter(({ program }) => program === "push-admin");
    // What names a command only, without what it needs, is no example.
    const examples = found
      .map(({ text }) => text)
      .filter((text) => !/^npx push-admin( domains (add|delete))?$/u.test(text));
    expect(examples.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  it.each(Object.entries(EXAMPLES))("%s", async (text, [code, line]) => {
    const [example] = examplesIn(text);
    if (example === undefined) return expect.fail(text);
    const there = example.environment["ADMIN_URL"] === undefined;
    const environment = there ? { PUSH_URL: host().url } : { ADMIN_URL: "http://127.0.0.1:2" };
    const told = await runHere(adminProgram(), typed(example), environment);
    expect([told.code, (told.out + told.err).split("\n").find((each) => each.trim() !== "")]).toEqual([
      code,
      expect.stringMatching(line),
    ]);
  });
});

describe("the PBX's examples", () => {
  beforeAll(() => addAccount(host(), "pbx.test", SECRET));

  it.each([
    [
      "a call",
      ["push", `android:${"x".repeat(140)}`, "--type", "call", "--data", '{"number":"+49 30 1234"}'],
      0,
      /^taken \(/u,
    ],
    ["a wrong secret", ["push", `ios-call:${iosToken("t")}`, "--secret", "wrong"], 3, /^login refused: /u],
  ])("%s", async (_, args, code, line) => {
    const environment = { PUSH_URL: host().url, PBX_SECRET: SECRET };
    const told = await runHere(pbxProgram(), [...args, "--account", "pbx.test/master"], environment);
    expect([told.code, told.out + told.err]).toEqual([code, expect.stringMatching(line)]);
  });
});

describe("an operator", () => {
  it("is told whom the service takes him for, and which stage it is", async () => {
    expect(await admin("whoami")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Identity +arn:aws:iam::\d+:user\/local\nStage +local\n/u) as string,
    });
  });

  it("lists who is offline or suspended, and how many there are", async () => {
    const secret = await addAccount(host(), "online.example.com");
    await addAccount(host(), "offline.example.com");
    const socket = await openSocket(host().wsUrl);
    await logIn(socket, { account: "online.example.com", secret });
    const names = async (...args: readonly string[]) =>
      (JSON.parse((await admin("domains", "list", ...args, "--json")).out) as { account: string }[]).map(
        ({ account }) => account,
      );
    await eventually(async () => ((await names("--offline")).includes("online.example.com") ? undefined : true));
    expect(await names("--offline")).toContain("offline.example.com");
    expect(await names("--offline", "--state", "suspended")).toEqual([]);
    await admin("domains", "suspend", "offline.example.com", "--yes");
    expect(await names("--state", "suspended")).toEqual(["offline.example.com"]);
    expect((await admin("domains", "list")).out).toMatch(/\n\n\d+: \d+ active, 1 suspended\n$/u);
    expect((await admin("doctor", "online.example.com")).out).toMatch(
      /✔ +Connected +online\.example\.com .*the current secret/u,
    );
    socket.close();
  });

  it("ends with 1 for an account that never was, as show and history", async () => {
    for (const verb of ["show", "history"])
      expect(await admin("domains", verb, "never.example.com")).toEqual({
        code: 1,
        out: "",
        err: "There is no such account.\n",
      });
    expect((await admin("push", `ios-call:${iosToken("n")}`, "--account", "never.example.com")).code).toBe(1);
  });

  it("imports 300 domains twice: 0 both times, and the second time nothing changes", async () => {
    const file = join(directory, "many.ndjson");
    const accounts = Array.from({ length: 300 }, (_, index) => `bulk-${index}.example.com`);
    writeFileSync(
      file,
      // As Windows saves it: with a byte-order mark.
      `\uFEFF${accounts.map((account) => `${JSON.stringify({ account, owner: "it@bulk.example" })}\r\n`).join("")}`,
    );
    // Faster than the stage's throttle, so that it is throttled, waits and goes on.
    const first = await admin("domains", "import", file, "--rate", "1000");
    expect(first).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^300 added, 0 there already, 0 failed/u) as string,
    });
    const secrets = first.out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { secret: string }).secret);
    expect(new Set(secrets).size).toBe(300);
    const everything = async () =>
      (await admin("domains", "export")).out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object);
    const exported = await everything();
    const second = await admin("domains", "import", file);
    expect(second).toMatchObject({ code: 0, err: "0 added, 300 there already, 0 failed or not tried.\n" });
    expect(await everything()).toEqual(exported);
  });

  it("imports what was exported", async () => {
    const file = join(directory, "export.ndjson");
    expect(await admin("domains", "export", file)).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(file, "utf8")).toContain('"bulk-7.example.com"');
    expect((await admin("domains", "import", file)).err).toMatch(/^0 added, \d+ there already, 0 failed/u);
    expect((await admin("domains", "export", directory)).err).toMatch(/: illegal operation on a directory\n$/u);
  });
});

describe("the binaries", () => {
  const shell = async (line: string) => {
    const env = {
      ...bareEnvironment(),
      PATH: `${join(ROOT, "bin")}:${process.env["PATH"] ?? ""}`,
      PUSH_URL: host().url,
    };
    const told = await run("sh", ["-c", line], { env, cwd: directory, timeout: WAIT_MS }).catch(
      (error: unknown) => error,
    );
    const { code = 0, stdout, stderr } = told as { code?: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  };

  it("run from anywhere, with nothing but the answer in a pipe", async () => {
    const { code, out } = await shell("push-admin.js domains list --json | cat");
    expect([code, (JSON.parse(out) as unknown[]).length > 0]).toEqual([0, true]);
    expect(await shell("push-pbx.js --version")).toEqual({ code: 0, out: "0.1.0\n", err: "" });
    expect((await shell("push-admin.js domians")).code).toBe(2);
  });

  it("end without a word when nobody reads on", async () => {
    expect(await shell("push-admin.js domains list --json | head -1")).toEqual({ code: 0, out: "[\n", err: "" });
  });
});
