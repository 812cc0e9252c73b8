import { describe, expect, it } from "vitest";
import { pbxProgram } from "../../bin/pbx/program.ts";
import { pbx } from "../support/programs/pbx-command.ts";
import { say, SECRET, useFakeService, type FakeOptions } from "../support/process/fake-service.ts";
import { runHere } from "../support/process/in-process.ts";

const service = useFakeService();
const here = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  runHere(pbxProgram(), args, environment);

const lines = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const ACCOUNT = ["--account", "pbx.example.com/master"];

describe("usage", () => {
  it.each([
    ["no command", [], "Usage: push-pbx"],
    ["an unknown command", ["dance"], "unknown command"],
    ["no account", ["push", "t", "--secret", "s"], "--account"],
    ["no secret, and no terminal to ask for it", ["push", "t", ...ACCOUNT], "pass --secret"],
    ["no token", ["push", ...ACCOUNT, "--secret", "s"], "token"],
    ["a bad address", ["connect", ...ACCOUNT, "--secret", "s", "--url", "nonsense"], "no address of a push service"],
    [
      "a payload that is not an object",
      ["push", "t", ...ACCOUNT, "--secret", "s", "--data", "[1]"],
      "must be a JSON object",
    ],
    [
      "a payload with a token",
      ["push", "t", ...ACCOUNT, "--secret", "s", "--data", '{"token":1}'],
      "must not hold token",
    ],
    ["a wrong time", ["connect", ...ACCOUNT, "--secret", "s", "--for", "soon"], "a number from"],
    ["no e-mail", ["register", "pbx.example.com"], "--email"],
  ])("%s: exit code 2 and a message", async (_, args, words) => {
    const run = await here(args);
    expect(run).toMatchObject({ code: 2, out: "" });
    expect(run.err).toContain(words);
  });

  it("prints help without the secret in the environment", async () => {
    const run = await here(["push", "--help"], { PBX_SECRET: "TopSecret123456" });
    expect(run.code).toBe(0);
    expect(run.out).toContain("Exit code:");
    expect(run.out).not.toContain("TopSecret");
  });
});

describe("push", () => {
  it("0: accepted, with the payload unchanged, and secret and URL from the environment", async () => {
    const push = await service();
    const data = '{"number":"+49 30","x":1.0}';
    const run = await pbx(["push", "android:x", ...ACCOUNT, "--type", "call", "--data", data, "--json"], {
      PBX_SECRET: SECRET,
      PUSH_URL: `${push.url}/push/ws`,
    });
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(lines(run.out)).toEqual([{ ms: expect.any(Number) as number }]);
    expect(push.received.at(-1)).toMatch(/"token":"android:x","type":"call","number":"\+49 30","x":1\.0\}$/u);
  });

  it("1: answered with err, shown with info but without its escape sequences", async () => {
    const answer: FakeOptions = {
      answers: {
        PushNotifyPost: ({ src }, s) =>
          say(s, { mt: "PushNotifyPostResult", src, err: "Uninstalled", info: "\u001b[2Jgone" }),
      },
    };
    const push = await service(answer);
    const run = await here(["push", "t", ...ACCOUNT, "--secret", SECRET, "--url", push.url]);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/^Uninstalled \([\d.]+ ms\): \\u001b\[2Jgone$/mu);
  });

  it("1: no answer in time", async () => {
    const push = await service({ answers: { PushNotifyPost: () => undefined } });
    const run = await here(["push", "t", ...ACCOUNT, "--secret", SECRET, "--url", push.url, "--timeout", "0.2"]);
    expect(run).toMatchObject({ code: 1, out: "" });
    expect(run.err).toContain("200 ms have passed");
  });

  it("3: login refused, or service not reached", async () => {
    const push = await service();
    const args = ["push", "t", ...ACCOUNT, "--secret", "wrong", "--url", push.url, "--json"];
    const refused = await here(args);
    expect(refused.code).toBe(3);
    expect(refused.out).toBe("");
    expect(lines(refused.err)).toEqual([
      { error: "refused", message: expect.stringContaining("login refused: Denied") as string },
    ]);
    await push.close();
    const unreached = await here(args);
    expect(unreached.code).toBe(3);
    expect(unreached.err).toContain("ECONNREFUSED");
  });
});

describe("connect", () => {
  it("stays connected, reconnects after a drop, ends by Ctrl-C with 0", async () => {
    const push = await service();
    const run = await pbx(["connect", ...ACCOUNT, "--secret", SECRET, "--url", push.url], {}, (out, interrupt) => {
      const logins = out.split("logged in as").length - 1;
      if (logins === 1) push.sockets.forEach((socket) => socket.close(1001, "two hours"));
      if (logins === 2) interrupt();
    });
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toMatch(/^\d\d:\d\d:\d\d\.\d{3} offline: 1001 two hours$/mu);
    expect(run.out).toContain("waiting 1 s");
    expect(run.out).not.toContain(SECRET);
  });

  it("shows messages as JSON", async () => {
    const push = await service();
    const args = ["connect", ...ACCOUNT, "--secret", SECRET, "--url", push.url, "--keepalive", "0.1", "--json"];
    const run = await pbx(args, {}, (out, interrupt) => out.includes("KeepAliveResult") && interrupt());
    expect(run.code).toBe(0);
    const events = lines(run.out);
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["connecting", "online", "message", "offline"]),
    );
    expect(events.find(({ event }) => event === "message")).toMatchObject({ message: { mt: "KeepAliveResult" } });
  });

  it("3: never logged in", async () => {
    const push = await service();
    const args = ["connect", ...ACCOUNT, "--secret", "wrong", "--url", push.url];
    const run = await pbx(args, {}, (out, interrupt) => out.includes("login refused") && interrupt());
    expect(run.code).toBe(3);
    expect((await here([...args, "--for", "0.1"])).code).toBe(3);
  });
});

describe("register", () => {
  const states = ["waiting", "busy", "confirmed"];
  const registering = (calls: string[], states: readonly string[], reason?: string) =>
    service({
      http: (request, response) => {
        const answer = (status: number, body: unknown) => void response.writeHead(status).end(JSON.stringify(body));
        calls.push(
          `${request.method} ${request.url} ${request.headers.authorization ?? request.headers["content-type"]}`,
        );
        if (request.method === "POST") return answer(202, { ticket: "T1", code: "4711", expiresIn: 1_800 });
        if (request.method === "DELETE") return void response.writeHead(204).end();
        const state = states[calls.length - 2];
        if (state === "busy") return answer(503, {});
        return answer(200, {
          state,
          reason,
          ...(state === "confirmed" && { domain: "a.example", url: "https://h/push/ws", password: "p" }),
        });
      },
    });
  const ARGS = ["register", "a.example", "--email", "me@a.example", "--poll", "0.1"];

  it("shows the code, keeps polling after a failed poll, prints URL and password, and acknowledges", async () => {
    const calls: string[] = [];
    const push = await registering(calls, states);
    const run = await here([...ARGS, "--url", push.url, "--json"]);
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(lines(run.out)).toEqual([
      { state: "waiting", code: "4711", expiresIn: 1_800 },
      { state: "confirmed", domain: "a.example", url: "https://h/push/ws", password: "p" },
    ]);
    const poll = "GET /push/register Bearer T1";
    expect(calls).toEqual([
      "POST /push/register application/json",
      poll,
      poll,
      poll,
      "DELETE /push/register Bearer T1",
    ]);
  });

  it("prints text for people without --json", async () => {
    const push = await registering([], ["confirmed"]);
    const run = await here([...ARGS, "--url", `${push.url}/push/ws`]);
    expect(run.code).toBe(0);
    expect(run.out).toContain("Your code: 4711");
    expect(run.out).toMatch(/URL +https:\/\/h\/push\/ws\n +Password +p\n/u);
  });

  it.each([
    ["time", /^Not registered: the link and code were not used in time\.\nNo email\? /u],
    ["codes", /^Not registered: a wrong code was entered too often\.\n$/u],
    ["taken", /^Not registered: the domain belongs to another address or to the operator by now\.\n$/u],
    ["new", /^Not registered: the password is no longer shown\.\n$/u],
  ])("1: expired, with the reason: %s", async (reason, said) => {
    const expiring = await registering([], ["expired"], reason);
    const run = await here([...ARGS, "--url", expiring.url]);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(said);
  });

  it("1: refused by the service; 3: service not reached", async () => {
    const bare = await service();
    const refused = await here([...ARGS, "--url", bare.url]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("HTTP 404");
    await bare.close();
    expect(await here([...ARGS, "--url", bare.url])).toMatchObject({ code: 3 });
  });

  it("ends by Ctrl-C while waiting", async () => {
    const push = await registering([], []);
    const run = await pbx([...ARGS, "--url", push.url, "--poll", "30"], {}, (_, interrupt) => interrupt());
    expect(run).toMatchObject({ code: 130 });
    expect(run.err).toContain("Interrupted");
  });
});
