import { describe, expect, it } from "vitest";
import { deployProgram, splitArguments } from "../../bin/deploy/program.ts";
import { NO_CREDENTIALS } from "../support/process/command.ts";
import { runHere } from "../support/process/in-process.ts";
import { programs } from "./examples/programs.ts";

/** A port on loopback where nothing listens. */
const NOBODY = "http://127.0.0.1:2";
const PUSH = "push ios-call:ab --account a.example --secret s";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1";
/** Program; arguments, with variables before them; exit code; first line on standard error. Standard output stays empty. */
const TRANSCRIPT: readonly (readonly [string, string, number, string])[] = [
  ["push-admin", "domain list", 2, "error: unknown command 'domain'"],
  ["push-admin", "domains lst", 2, "error: unknown command 'lst'"],
  ["push-admin", "domains list --jsn", 2, "error: unknown option '--jsn'"],
  ["push-admin", "domains list extra", 2, "error: too many arguments for 'list'. Expected 0 arguments but got 1."],
  [
    "push-admin",
    "domains list --state gone",
    2,
    "error: option '--state <state>' argument 'gone' is invalid. Allowed choices are active, suspended.",
  ],
  ["push-admin", "domains add", 2, "error: missing required argument 'account'"],
  ["push-admin", "domains add a.example --owner", 2, "error: option '--owner <email>' argument missing"],
  ["push-admin", "domains delete a.example", 1, "Not a terminal: pass --yes to confirm."],
  ["push-admin", "domains transfer a.example", 2, "error: missing required argument 'email'"],
  [
    "push-admin",
    "domains decide a.example maybe --yes",
    2,
    "error: command-argument value 'maybe' is invalid for argument 'decision'. Allowed choices are grant, deny.",
  ],
  [
    "push-admin",
    "domains history a.example --limit 0",
    2,
    "error: option '--limit <count>' argument '0' is invalid. must be a number from 1 to 500",
  ],
  ["push-admin", "domains import nowhere.ndjson", 1, "nowhere.ndjson: no such file or directory"],
  ["push-admin", "domains import test", 1, "test: illegal operation on a directory"],
  [
    "push-admin",
    "domains import package.json --failed nowhere/failed",
    1,
    "nowhere/failed: no such file or directory; name another file for lines that fail by --failed",
  ],
  [
    "push-admin",
    "domains import x --rate many",
    2,
    "error: option '--rate <n>' argument 'many' is invalid. must be a number from 0.1 to 1000",
  ],
  [
    "push-admin",
    "domains list",
    1,
    `cannot ask ${NOBODY}: connect ECONNREFUSED 127.0.0.1:2; start the local host with npm start, or name a stage's API by --url or ADMIN_URL`,
  ],
  [
    "push-admin",
    "domains list --json",
    1,
    `{"error":"unreachable","message":"cannot ask ${NOBODY}: connect ECONNREFUSED 127.0.0.1:2; start the local host with npm start, or name a stage's API by --url or ADMIN_URL"}`,
  ],
  [
    "push-admin",
    "--url nonsense domains list",
    2,
    "error: option '--url <url>' argument 'nonsense' is invalid. must be a URL such as https://HOST",
  ],
  [
    "push-admin",
    "--url https://x.execute-api.eu-central-1.amazonaws.com domains list",
    1,
    "no AWS credentials in the profile nobody: run aws sso login --profile nobody",
  ],
  [
    "push-admin",
    "ADMIN_URL=nonsense domains list",
    2,
    'error: ADMIN_URL must be a URL such as https://HOST, not "nonsense"',
  ],
  [
    "push-admin",
    "ADMIN_URL=ftp://x domains list --json",
    2,
    '{"error":"usage","message":"ADMIN_URL must be a URL such as https://HOST, not \\"ftp://x\\""}',
  ],
  [
    "push-admin",
    "completion tcsh",
    2,
    "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are zsh, bash, fish, powershell.",
  ],
  ["push-admin", "push ios-call:ab", 2, "error: required option '--account <account>' not specified"],
  [
    "push-admin",
    "push ios-call:ab --account a.example --type ring",
    2,
    "error: option '--type <type>' argument 'ring' is invalid. Allowed choices are call, notification.",
  ],
  ["push-admin", "push --account a.example", 2, "error: missing required argument 'token'"],
  [
    "push-admin",
    "tokens lift ␣",
    2,
    "error: command-argument value ' ' is invalid for argument 'token'. must not be empty",
  ],
  ["push-admin", "tokens lift", 2, "error: missing required argument 'token'"],
  ["push-admin", "mail allow --json", 2, `{"error":"usage","message":"missing required argument 'address'"}`],
  ["push-admin", "doctor", 2, "error: missing required argument 'domain'"],
  ["push-admin", "whoami --stage prod", 2, "error: unknown option '--stage'"],
  ["push-pbx", "dance", 2, "error: unknown command 'dance'"],
  ["push-pbx", "push ios-call:ab --secret s", 2, "error: required option '--account <account>' not specified"],
  [
    "push-pbx",
    "push ios-call:ab --account a.example",
    2,
    "Password of a.example: pass --secret, - to read it from standard input",
  ],
  ["push-pbx", "PBX_SECRET= push ios-call:ab --account a.example", 2, "Password of a.example: must not be empty"],
  ["push-pbx", `${PUSH} --data [1]`, 2, "error: --data: the payload must be a JSON object"],
  [
    "push-pbx",
    `${PUSH} --timeout soon`,
    2,
    "error: option '--timeout <seconds>' argument 'soon' is invalid. must be a number from 0.1 to 120",
  ],
  ["push-pbx", PUSH, 3, "cannot connect to ws://127.0.0.1:2/push/ws: connect ECONNREFUSED 127.0.0.1:2"],
  [
    "push-pbx",
    "connect --account a.example --secret s --url ftp://x",
    2,
    `error: option '--url <url>' argument 'ftp://x' is invalid. "ftp://x" is no address of a push service: use http(s)://HOST or ws(s)://HOST/push/ws`,
  ],
  ["push-pbx", "register a.example", 2, "error: required option '--email <address>' not specified"],
  [
    "push-pbx",
    "register a.example --email x@a.example --json",
    3,
    `{"error":"unreachable","message":"cannot reach ${NOBODY}/push/register: connect ECONNREFUSED 127.0.0.1:2"}`,
  ],
  [
    "push-pbx",
    "fleet --url https://push.example.com",
    2,
    "error: https://push.example.com is not on this machine. A fleet is a load test: add --yes-this-is-mine if you may do that.",
  ],
  [
    "push-pbx",
    "fleet --account a.example",
    2,
    "Password of a.example: pass --secret, - to read it from standard input",
  ],
  [
    "push-pbx",
    "fleet --pbxes 0",
    2,
    "error: option '--pbxes <n>' argument '0' is invalid. must be a number from 1 to 5000",
  ],
  ["push-pbx", "fleet --out /dev/null/reports", 1, "/dev/null/reports: not a directory"],
  ["deploy", "", 2, "error: missing required argument 'stage'"],
  ["deploy", "prod --chekc", 2, "error: unknown option '--chekc'"],
  ["deploy", "prod --require-approval never", 2, "error: unknown option '--require-approval'"],
  ["deploy", "prod --pbxes 5", 2, "error: --pbxes needs --check"],
  ["deploy", "prod --check -- --verbose", 2, "error: --check takes no options of cdk deploy"],
  ["deploy", "npm_config_check=true prod", 2, "error: npm took --check for itself: npm run deploy -- prod --check"],
  ["deploy", "prod", 1, "no AWS credentials in the profile nobody: run aws sso login --profile nobody"],
  ["deploy", "nowhere", 2, 'stage "nowhere" is not in stages.ts: add it there, or use one of '],
  ["deploy", "prod --check", 1, "no AWS credentials in the profile nobody: run aws sso login --profile nobody"],
  [
    "prove",
    "nowhere --json",
    2,
    '{"error":"stage","message":"stage \\"nowhere\\" is not in stages.ts: add it there, or use one of ',
  ],
  ["prove", "prod", 3, "no AWS credentials in the profile nobody: run aws sso login --profile nobody"],
  [
    "rebuild-endpoints",
    "prod --rate 0",
    2,
    "error: option '--rate <n>' argument '0' is invalid. must be a number from 0.1 to 1000",
  ],
  [
    "rebuild-endpoints",
    `prod --key ${KEY}`,
    1,
    "no AWS credentials in the profile nobody: run aws sso login --profile nobody",
  ],
  ["start", "dmeo", 2, "error: too many arguments. Expected 0 arguments but got 1."],
  ["bench", "--only everything", 2, "error: option '--only <parts>' argument 'everything' is invalid. parts are "],
  [
    "cost",
    "--price beer=3",
    2,
    "error: option '--price <ITEM=USD>' argument 'beer=3' is invalid. must be ITEM=USD; --prices shows the items",
  ],
  ["cost", "--region eu-central-1", 2, "eu-central-1: no price with a source for "],
  [
    "fuzz",
    "--cases 1",
    2,
    "error: option '--cases <n>' argument '1' is invalid. must be a number from 10 to 100000000",
  ],
  ["gameday", "--only earthquake", 2, 'no scenario or alarm contains "earthquake": --help lists them'],
  ["mutate", "nowhere", 2, "nowhere: no such file or folder"],
  ["scale", "now", 2, "error: too many arguments. Expected 0 arguments but got 1."],
  ["soak", "--minutes", 2, "error: option '--minutes <n>' argument missing"],
];

it("has at least 40 wrong uses, none of them twice", () => {
  expect(new Set(TRANSCRIPT.map(([name, text]) => `${name} ${text}`)).size).toBeGreaterThanOrEqual(
    Math.max(40, TRANSCRIPT.length),
  );
});

describe("a wrong use exits with its code and says what is wrong in its first line", () => {
  it.each(TRANSCRIPT)("%s %s: %d, %s", async (name, text, code, line) => {
    const words = text
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => word.replace("␣", " "));
    const first = words.findIndex((word) => !/^\w+=/u.test(word));
    const args = words.slice(Math.max(first, 0));
    const variables = words.slice(0, Math.max(first, 0)).map((word) => word.split("=") as [string, string]);
    const [own, cdk] = name === "deploy" ? splitArguments(args) : [args, []];
    const program = name === "deploy" ? deployProgram(cdk) : (programs[name] ?? expect.fail(name))();
    const run = await runHere(program, own, { ...NO_CREDENTIALS, PUSH_URL: NOBODY, ...Object.fromEntries(variables) });
    expect(run.err.split("\n")[0]?.slice(0, line.length)).toBe(line);
    expect(run).toMatchObject({ code, out: "" });
    expect(run.err).not.toMatch(/^\s+at |node:internal/mu);
  });
});
