import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyExample } from "../bin/examples/every-example.ts";
import { programs } from "../bin/examples/programs.ts";
import { adminProgram } from "../../bin/admin/program.ts";
import { confirmByLink } from "../../bin/story/confirm.ts";
import { pbxProgram } from "../../bin/pbx/program.ts";
import { bareEnvironment, NO_CREDENTIALS } from "../support/process/command.ts";
import { addAccount, iosToken, useHost } from "../support/process/host.ts";
import { runHere } from "../support/process/in-process.ts";
import { linkTo } from "../support/services/register.ts";
import { pbx, type Run } from "../support/programs/pbx-command.ts";
import { openSession } from "../support/process/raw-socket.ts";
import { eventually, WAIT_MS } from "../support/process/waiting.ts";
import { examplesIn, typed } from "../support/values/examples.ts";

const host = useHost();
const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "push-transcript-"));
afterAll(() => rmSync(directory, { recursive: true }));

const admin = (...args: readonly string[]) => runHere(adminProgram(), args, { PUSH_URL: host().url });

/** In this order, each word for word as in help and documents: exit code and first line of output. */
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
  "npx push-admin push ios-call:ab12… --account pbx.example.com": [0, /^Accepted \(ios-call, /u],
  "npx push-admin domains export": [0, /^\{"account":"pbx\.example\.com/u],
  "ADMIN_URL=https://ID.execute-api.eu-central-1.amazonaws.com npx push-admin domains list --json": [
    1,
    /^\{"error":"/u,
  ],
  "npx push-admin domains import domains.ndjson": [1, /^domains\.ndjson: no such file or directory$/u],
  "npx push-admin domains import domains.ndjson.failed": [1, /^domains\.ndjson\.failed: no such file or directory$/u],
  "npx push-admin domains delete pbx.example.com --yes": [0, /^pbx\.example\.com is deleted\.$/u],
  "npx push-admin domains delete DOMAIN --yes": [1, /^There is no such account\.$/u],
  "npx push-admin completion bash": [0, /^# bash completion for push-admin$/u],
  "npx push-admin completion zsh": [0, /^#compdef push-admin$/u],
};

/** Commands that call AWS, on a machine without credentials. */
const NO_LOGIN = (code: number): readonly [number, RegExp] => [code, /^no AWS credentials in the profile nobody/u];

/** Those of the PBX and others, after the operator's, if they take only seconds here. */
const OTHER_EXAMPLES: Readonly<Record<string, readonly [code: number, line: RegExp]>> = {
  "npx push-pbx register pbx.example.com --email admin@example.com": [0, /^Your code: \d{6}$/u],
  "PBX_SECRET=… npx push-pbx connect --account pbx.example.com/master": [0, / connecting to ws:/u],
  'npx push-pbx connect --url "$(output service PushUrl)" --account ACCOUNT --secret SECRET': [
    0,
    / connecting to ws:/u,
  ],
  "npx push-pbx connect --account PBX --url URL": [0, / connecting to ws:/u],
  'npx push-pbx push android:APA91… --account pbx.example.com --type call --data \'{"number":"+49 30 1234"}\'': [
    0,
    /^taken \(/u,
  ],
  "npx push-pbx push ios-call:0a1b… --account pbx.example.com/master --url https://push.example.com/push/ws": [
    0,
    /^taken \(/u,
  ],
  "npm run pbx -- push --help": [0, /^Usage: push-pbx push /u],
  "npx push-pbx completion bash": [0, /^# bash completion for push-pbx$/u],
  "npx push-pbx completion zsh": [0, /^#compdef push-pbx$/u],
  "npx push-pbx push ios-call:TOKEN --type call --account PBX --url URL": [0, /^taken \(/u],
  "npx push-pbx push android:TOKEN --type call --account PBX --url URL": [0, /^taken \(/u],
  "npm run prove -- local --url http://127.0.0.1:8080": [0, /^ASSUMPTION +VERDICT +WHY$/u],
  "PBX_SECRET=… npm run prove -- prod --url https://push.example.com/push/ws --account pbx.example.com": [
    0,
    /^ASSUMPTION +VERDICT +WHY$/u,
  ],
  "npm run deploy -- prod --check --pbxes 1000": NO_LOGIN(1),
  "npm run deploy -- STAGE [--check]": NO_LOGIN(1),
  "npm run deploy -- STAGE --check": NO_LOGIN(1),
  "npm run deploy -- STAGE --check [--pbxes N] [--pushes N]": NO_LOGIN(1),
  'npm run deploy -- "$STAGE" --check': NO_LOGIN(1),
  "npm run prove -- prod --slow": NO_LOGIN(3),
  "npm run prove -- STAGE": NO_LOGIN(3),
  "npm run prove -- STAGE --slow": NO_LOGIN(3),
  "npm run rebuild-endpoints -- prod2 --dry-run": [2, /^stage "(prod2|next)" is not in stages\.ts/u],
  "npm run rebuild-endpoints -- prod2 --key arn:aws:kms:eu-west-1:123456789012:key/mrk-… --rate 50": [
    2,
    /^stage "(prod2|next)" is not in stages\.ts/u,
  ],
  "npm run rebuild-endpoints -- STAGE": NO_LOGIN(1),
  "npm run rebuild-endpoints -- next --key TOKEN_KEY_ARN_OF_OLD_OR_REPLICA --dry-run": [
    2,
    /^stage "(prod2|next)" is not in stages\.ts/u,
  ],
  "npm run rebuild-endpoints -- next --key TOKEN_KEY_ARN_OF_OLD_OR_REPLICA --rate 20": [
    2,
    /^stage "(prod2|next)" is not in stages\.ts/u,
  ],
  "npm run deploy -- next --check": [2, /^stage "(prod2|next)" is not in stages\.ts/u],
  "npm run cost -- --region eu-central-1 --price webSocketMessage=USD --price webSocketMinute=USD": [
    0,
    /^10?,000 PBXes, /u,
  ],
  "npm run cost -- --pbxes 10000 --pushes 500 --keepalive 60": [0, /^10?,000 PBXes, /u],
  "npm run cost -- --pbxes 300 --host-name --json": [0, /^\{$/u],
  "npm run cost -- --region eu-central-1": [2, /^eu-central-1: no price with a source for /u],
};

/** What does not run here, and where it does. */
const LEFT_OUT: readonly (readonly [example: RegExp, because: string])[] = [
  [
    /^(npx push-(admin( domains (add|delete))?|pbx( register| fleet)?)|npm run (deploy|cost)|npm run (admin|pbx) --)$/u,
    "names a command",
  ],
  [/^(PORT=9090 )?npm start$/u, "a port that may be taken: test/local/process.test.ts starts it on a free one"],
  [/^npx push-pbx fleet /u, "load for half a minute: test/tools/fleet, test/e2e/load"],
  [/^npm run deploy -- [^ ]+( -- .*)?$/u, "deploys: npm run test:deploy does"],
  [/^npm run (cost -- --measure|scale)$/u, "rewrites committed files: test/tools/cost, test/tools/scale"],
  [
    /^npm run ((--silent )?sbom|demo|soak|rights:mutate|test:deploy|test:moto|lint:templates)( |$)/u,
    "minutes: .ci/run runs it",
  ],
  [/^npm run mutate /u, "minutes to hours: test/tools/mutate"],
  [
    /^npm run (bench|fuzz|gameday)(:console)?( |$)/u,
    "minutes: test/tools and test/e2e/observability.test.ts run its parts",
  ],
];

/** Where readers enter the address of their stage. */
const ELSEWHERE = /^https?:\/\/(push\.example\.com|127\.0\.0\.1:8080)/u;

describe("every example of help and documents", () => {
  it("is in the transcript or listed as left out", async () => {
    const examples = (await everyExample()).map(({ text }) => text);
    const isLeftOut = (text: string) => LEFT_OUT.some(([example]) => example.test(text));
    expect(examples.filter((text) => !isLeftOut(text)).toSorted()).toEqual(
      Object.keys({ ...EXAMPLES, ...OTHER_EXAMPLES }).toSorted(),
    );
    expect(LEFT_OUT.filter(([example]) => !examples.some((text) => example.test(text)))).toEqual([]);
  });

  /** The account that the first of the PBX's examples registers. */
  let password = "";

  /** A test push waits for 8 s, so equal ones run once. */
  const WAITING = /^push-admin push /u;
  const waited: Record<string, Promise<Run>> = {};

  const inChild = async (args: readonly string[]) => {
    let registering: Promise<void> | undefined;
    const told = await pbx(args, { PUSH_URL: host().url, PBX_SECRET: password }, (out, interrupt) => {
      const code = /^Your code: (\d+)$/mu.exec(out)?.[1];
      if (code !== undefined)
        registering ??= linkTo(host(), "admin@example.com").then((link) =>
          confirmByLink(link, code, new AbortController().signal),
        );
      if (out.includes("logged in as")) interrupt();
    });
    await registering;
    password ||= /^ +Password +(\S+)$/mu.exec(told.out)?.[1] ?? "";
    return told;
  };

  it.each(Object.entries({ ...EXAMPLES, ...OTHER_EXAMPLES }))("%s", async (text, [code, line]) => {
    const [example] = examplesIn(text);
    if (example === undefined) return expect.fail(text);
    const args = typed(example).map((arg) => (arg === "secret" ? password : arg.replace(ELSEWHERE, host().url)));
    const { program } = example;
    const environment =
      example.environment["ADMIN_URL"] === undefined ? { PUSH_URL: host().url } : { ADMIN_URL: "http://127.0.0.1:2" };
    const play = () =>
      program === "push-pbx" && /^(register|connect)/u.test(args[0] ?? "")
        ? inChild(args)
        : runHere((programs[program] ?? expect.fail(program))(), args, {
            ...NO_CREDENTIALS,
            ...environment,
            PBX_SECRET: password,
          });
    const typedLine = [program, ...args].join(" ");
    const told = await (WAITING.test(typedLine) ? (waited[typedLine] ??= play()) : play());
    expect([told.code, (told.out + told.err).split("\n").find((each) => each.trim() !== "")]).toEqual([
      code,
      expect.stringMatching(line),
    ]);
  });
});

describe("the PBX", () => {
  beforeAll(() => addAccount(host(), "pbx.test"));

  it("exits with 3 for a wrong secret", async () => {
    const args = ["push", `ios-call:${iosToken("t")}`, "--secret", "wrong", "--account", "pbx.test/master"];
    const told = await runHere(pbxProgram(), args, { PUSH_URL: host().url });
    expect([told.code, told.out + told.err]).toEqual([3, expect.stringMatching(/^login refused: /u)]);
  });
});

describe("an operator", () => {
  it("sees as whom the service identifies them, and which stage it is", async () => {
    expect(await admin("whoami")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Identity +arn:aws:iam::\d+:user\/local\nStage +local\n/u) as string,
    });
  });

  it("lists domains that are offline or suspended, and their number", async () => {
    const secret = await addAccount(host(), "online.example.com");
    await addAccount(host(), "offline.example.com");
    const socket = await openSession(host(), { account: "online.example.com", secret });
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

  it("gets exit code 1 for an account that never existed, in show and history", async () => {
    for (const verb of ["show", "history"])
      expect(await admin("domains", verb, "never.example.com")).toEqual({
        code: 1,
        out: "",
        err: "There is no such account.\n",
      });
    expect((await admin("push", `ios-call:${iosToken("n")}`, "--account", "never.example.com")).code).toBe(1);
  });

  it("imports 300 domains twice with exit code 0; the second time nothing changes", async () => {
    const file = join(directory, "many.ndjson");
    const accounts = Array.from({ length: 300 }, (_, index) => `bulk-${index}.example.com`);
    // Only a few have an owner, as the emails to owners take as long as all the rest.
    const lines = accounts.map((account, index) => ({
      account,
      ...(index % 30 === 0 && { owner: "it@bulk.example" }),
    }));
    // With a byte-order mark, as Windows saves it.
    writeFileSync(file, `\uFEFF${lines.map((line) => `${JSON.stringify(line)}\r\n`).join("")}`);
    // Faster than the stage's throttle, so that it is throttled, waits and continues.
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

  it("imports an export", async () => {
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

  it("run from any directory, and write only the answer to a pipe", async () => {
    const { code, out } = await shell("push-admin.js domains list --json | cat");
    expect([code, (JSON.parse(out) as unknown[]).length > 0]).toEqual([0, true]);
    expect(await shell("push-pbx.js --version")).toEqual({ code: 0, out: "0.1.0\n", err: "" });
    expect((await shell("push-admin.js domians")).code).toBe(2);
  });

  it("say in one line that the disk is full", async () => {
    const full = { code: 1, out: "", err: "cannot write the output: no space left on device\n" };
    expect(await shell("push-admin.js domains list --json > /dev/full")).toEqual(full);
  });

  it("stop an import if secrets cannot be written, and keep the remaining lines", async () => {
    const file = join(directory, "lost.ndjson");
    const lines = Array.from({ length: 40 }, (_, index) => JSON.stringify({ account: `lost-${index}.example.com` }));
    writeFileSync(file, lines.join("\n"));
    const { code, err } = await shell(`push-admin.js domains import ${file} > /dev/full`);
    const added = [...err.matchAll(/^The secret of (lost-\d+\.example\.com) is lost: /gmu)].map(
      ([, account]) => account,
    );
    expect([code, added.length > 0]).toEqual([1, true]);
    expect(err).toMatch(/^cannot write the output: no space left on device$/mu);
    const left = readFileSync(`${file}.failed`, "utf8").trim().split("\n");
    expect([...added.map((account) => JSON.stringify({ account })), ...left]).toEqual(lines);
    const again = await shell(`push-admin.js domains import ${file}.failed --failed again | head -1`);
    expect(again.out).toMatch(/^\{"account":"lost-/u);
    expect(readFileSync(join(directory, "again"), "utf8").trim().split("\n").length).toBeGreaterThan(10);
  });

  it("end silently when the reader of a pipe ends", async () => {
    expect(await shell("push-admin.js domains list --json | head -1")).toEqual({ code: 0, out: "[\n", err: "" });
  });
});
