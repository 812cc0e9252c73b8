import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { connectPbx, type PbxOptions } from "../../bin/pbx/protocol/client.ts";
import { loginDigest } from "../../bin/pbx/protocol/digest.ts";
import { backoffMs, runPbx, type PbxEvent } from "../../bin/pbx/protocol/runner.ts";
import { appOf, isLoopback, objectUrl, registerUrl, socketUrl, stripped } from "../../bin/pbx/url.ts";
import { say, SECRET, useFakeService, type FakeOptions } from "../support/process/fake-service.ts";
import { WAIT_MS } from "../support/process/waiting.ts";
import { failsAfter } from "../support/values/time-limits.ts";

const service = useFakeService();
afterEach(() => void vi.useRealTimers());

const ACCOUNT = "pbx.example.com/master";
const PATIENT = { connect: WAIT_MS, login: WAIT_MS, result: WAIT_MS, keepAlive: 0 };
const connect = (url: string, options: Partial<PbxOptions> = {}) =>
  connectPbx({ url, account: ACCOUNT, secret: SECRET, timeouts: PATIENT, ...options });

interface Vector {
  readonly name: string;
  readonly challenge: string;
  readonly password: string;
  readonly frame: string;
}
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/app-login-digest.json", import.meta.url), "utf8"),
) as readonly Vector[];

describe("the digest", () => {
  it.each(vectors)("equals that of the published login: $name", ({ frame, challenge, password }) => {
    const { app = "", domain = "", sip = "", guid = "", dn = "", digest } = JSON.parse(frame) as Record<string, string>;
    const info = /"info":(\{.*\}),"digest"/u.exec(frame)?.[1];
    const fields = { app, domain, sip, guid, dn, ...(info !== undefined && { info }) };
    expect(loginDigest(fields, challenge, password)).toBe(digest);
  });
});

describe("addresses", () => {
  it.each([
    ["http://127.0.0.1:8080", "ws://127.0.0.1:8080/push/ws"],
    ["https://push.example.com/push/ws", "wss://push.example.com/push/ws"],
    [
      "wss://id.execute-api.eu-central-1.amazonaws.com/push/ws",
      "wss://id.execute-api.eu-central-1.amazonaws.com/push/ws",
    ],
    ["HTTPS://Push.Example.com/", "wss://push.example.com/push/ws"],
    ["ws://[::1]:99", "ws://[::1]:99/push/ws"],
  ])("%s opens %s", (address, socket) => {
    expect(socketUrl(address).href).toBe(socket);
    expect(appOf(socketUrl(address))).toBe("ws");
    expect(objectUrl(address)).toBe(socket.replace(/^ws/u, "http"));
    expect(registerUrl(address).pathname).toBe("/push/register");
  });

  it.each([
    ["wss://push.example.com/push/ws", "wss://push.example.com/push"],
    ["wss://push.example.com/push/ws/", "wss://push.example.com/push"],
    ["wss://push.example.com/ws?a=1", "wss://push.example.com/?a=1"],
  ])("removes the last component of %s: %s", (address, socket) => {
    expect(stripped(new URL(address)).href).toBe(socket);
  });

  it.each(["", "push.example.com", "ftp://a.example", "http://user:pw@a.example/", "http://"])(
    "refuses %j",
    (address) => {
      expect(() => socketUrl(address)).toThrow(TypeError);
    },
  );

  it.each([
    ["http://127.0.0.1:1", true],
    ["ws://localhost/push/ws", true],
    ["http://[::1]:8080", true],
    ["http://127.9.9.9", true],
    ["http://0x7f000001", true], // the URL parser normalizes it to 127.0.0.1
    ["http://127.0.0.1.example.com", false],
    ["http://localhost.example.com", false],
    ["http://10.0.0.1", false],
    ["http://[::ffff:8.8.8.8]", false],
  ])("tells whether %s is this machine: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe("login", () => {
  it("answers the challenge, sends PbxInfo and is logged in", async () => {
    const push = await service();
    const pbx = await connect(push.url);
    await pbx.push({ token: "android:x" });
    expect(push.received.map((text) => (JSON.parse(text) as { mt: string }).mt)).toEqual([
      "AppChallenge",
      "AppLogin",
      "PbxInfo",
      "PushNotifyPost",
    ]);
    expect(push.bodies("AppLogin")[0]).toMatchObject({
      app: "ws",
      domain: ACCOUNT,
      sip: "push",
      info: { appobj: "push" },
    });
    expect(push.bodies("PbxInfo")[0]).toMatchObject({ domain: "pbx.example.com", pbx: "master", apis: [] });
    expect(await pbx.close()).toEqual({ code: 1000, reason: "" });
  });

  it.each([
    ["without info", null],
    ["with info as it stands", '{"a":1.0,"2":"\\/","1":"\\u00fc","1":"ü:"}'],
  ])("%s", async (_, info) => {
    const push = await service();
    const pbx = await connect(push.url, { info });
    const frame = push.received[1] ?? "";
    if (info === null) expect(frame).not.toContain('"info"');
    else expect(frame).toContain(`"info":${info}}`);
    await pbx.close();
  });

  it("with strip opens the URL without its last component, and still sends the full URL", async () => {
    const push = await service({ path: "/push" });
    await expect(connect(push.url)).rejects.toMatchObject({ kind: "unreachable", status: 400 });
    const pbx = await connect(push.url, { strip: true });
    expect(push.bodies("AppLogin")[0]).toMatchObject({ app: "ws", info: { appurl: `${push.url}/push/ws` } });
    await pbx.close();
  });

  it("fragments long frames", async () => {
    const push = await service();
    const pbx = await connect(push.url, { fragmentBytes: 7 });
    const token = "ü".repeat(3_000);
    expect(await pbx.push({ token })).toMatchObject({ ms: expect.any(Number) as number });
    expect(push.bodies("PushNotifyPost")[0]?.token).toBe(token);
    await pbx.close();
  });

  it("rejects with the server's own error text", async () => {
    const push = await service();
    await expect(connect(push.url, { secret: "wrong" })).rejects.toMatchObject({
      kind: "refused",
      error: "Denied",
      errorText: "no",
    });
  });

  const bad: readonly [string, string, string, FakeOptions["answers"]][] = [
    ["not JSON", "protocol", "no JSON", { AppChallenge: (_, s) => s.send("hello") }],
    ["an array", "protocol", "no object", { AppChallenge: (_, s) => s.send("[]") }],
    ["null", "protocol", "no object", { AppChallenge: (_, s) => s.send("null") }],
    ["no mt", "protocol", "without mt", { AppChallenge: (_, s) => s.send('{"message":"Internal server error"}') }],
    ["binary", "protocol", "binary", { AppChallenge: (_, s) => s.send(Buffer.from("{}")) }],
    ["no challenge", "protocol", "challenge", { AppChallenge: (_, s) => say(s, { mt: "AppChallengeResult" }) }],
    [
      "a long challenge",
      "protocol",
      "16",
      { AppChallenge: (_, s) => say(s, { mt: "AppChallengeResult", challenge: "x".repeat(17) }) },
    ],
    [
      "sysClient",
      "protocol",
      "sysClient",
      { AppChallenge: (_, s) => say(s, { mt: "AppChallengeResult", challenge: "1", sysClient: true }) },
    ],
    [
      "a number as error",
      "protocol",
      "string error",
      { AppLogin: (_, s) => say(s, { mt: "AppLoginResult", ok: false, error: 1 }) },
    ],
    ["ok as text", "protocol", "string error", { AppLogin: (_, s) => say(s, { mt: "AppLoginResult", ok: "true" }) }],
    ["a closed socket", "unreachable", "1008 go away", { AppLogin: (_, s) => s.close(1008, "go away") }],
    ["a huge frame", "unreachable", "payload", { AppChallenge: (_, s) => s.send(`"${"x".repeat(17_000)}"`) }],
  ];
  it.each(bad)("rejects on %s as %s", async (_, kind, words, answers) => {
    const push = await service(answers ? { answers } : {});
    await expect(connect(push.url)).rejects.toMatchObject({ kind, message: expect.stringContaining(words) as string });
    await expect.poll(() => push.sockets.size).toBe(0);
  });

  it("rejects when the login times out", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = Promise.withResolvers<undefined>();
    const push = await service({ answers: { AppChallenge: () => asked.resolve(undefined) } });
    const failure = await failsAfter(300, connect(push.url, { timeouts: { ...PATIENT, login: 300 } }), asked.promise);
    expect(failure).toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("300 ms of silence") as string,
    });
    await expect.poll(() => push.sockets.size).toBe(0);
  });

  it("distinguishes HTTP errors from closed ports", async () => {
    const push = await service();
    await expect(connect(`${push.url}/elsewhere`)).rejects.toMatchObject({ kind: "unreachable", status: 400 });
    await push.close();
    await expect(connect(push.url)).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("ECONNREFUSED") as string,
    });
  });

  it("ends on its signal before, during and after the login", async () => {
    await expect(connect("ws://127.0.0.1:9", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "aborted",
    });
    const during = new AbortController();
    const silent = await service({ answers: { AppChallenge: () => during.abort() } });
    await expect(connect(silent.url, { signal: during.signal })).rejects.toMatchObject({ kind: "aborted" });
    const push = await service();
    const control = new AbortController();
    const pbx = await connect(push.url, { signal: control.signal });
    control.abort();
    expect((await pbx.closed).code).toBe(1000);
  });
});

describe("session", () => {
  it("matches results to posts by src when they overtake one another", async () => {
    const held: (() => void)[] = [];
    const push = await service({
      answers: {
        PushNotifyPost: (body, s) => {
          held.push(() =>
            say(s, { mt: "PushNotifyPostResult", src: body.src, err: `E${String(body.token)}`, info: "i" }),
          );
          if (held.length === 50) held.reverse().forEach((answer) => answer());
        },
      },
    });
    const pbx = await connect(push.url, { timeouts: PATIENT });
    const results = await Promise.all(Array.from({ length: 50 }, (_, i) => pbx.push({ token: `${i}` })));
    expect(results.map(({ err }) => err)).toEqual(Array.from({ length: 50 }, (_, i) => `E${i}`));
    expect(results[0]).toMatchObject({ info: "i" });
    await pbx.close();
  });

  it("sends the payload unchanged, character by character", async () => {
    const push = await service();
    const pbx = await connect(push.url);
    await pbx.push({ token: "t", type: "call", members: ' {"b":1.0, "a":"\\u00fc","1":null} ' });
    expect(push.received.at(-1)).toMatch(
      /^\{"mt":"PushNotifyPost","src":"\d+","token":"t","type":"call","b":1\.0, "a":"\\u00fc","1":null\}$/u,
    );
    for (const members of ["[]", "1", "{", '{"token":"x"}', '{"mt":"x"}', '{"type":"x"}']) {
      await expect(pbx.push({ token: "t", type: "call", members }), members).rejects.toThrow(/payload|JSON/u);
    }
    await pbx.close();
  });

  it("requires the post's api in its result, and none if the post had none", async () => {
    const violations: string[] = [];
    const push = await service({
      answers: {
        PushNotifyPost: ({ src, api, token }, s) =>
          say(s, { mt: "PushNotifyPostResult", src, api: token === "other" ? "Other" : api }),
      },
    });
    const pbx = await connect(push.url, { onViolation: (what) => violations.push(what) });
    await pbx.push({ token: "t", api: "Push" });
    await pbx.push({ token: "t" });
    expect(violations).toEqual([]);
    await pbx.push({ token: "other", api: "Push" });
    await pbx.push({ token: "other" });
    expect(violations).toEqual(Array(2).fill(expect.stringContaining("api is not the post's")));
    await pbx.close();
  });

  it("reports a post without a result: time-out, drop, wrong src", async () => {
    const violations: string[] = [];
    const push = await service({
      answers: {
        PushNotifyPost: (body, s) => {
          if (body.token === "drop") s.terminate();
          if (body.token === "twice") [1, 2].forEach(() => say(s, { mt: "PushNotifyPostResult", src: body.src }));
          if (body.token === "wrong") say(s, { mt: "PushNotifyPostResult", src: "no such" });
          if (body.token === "number") say(s, { mt: "PushNotifyPostResult", src: body.src, err: 7 });
        },
      },
    });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const pbx = await connect(push.url, {
      timeouts: { ...PATIENT, result: 300 },
      onViolation: (what) => violations.push(what),
    });
    await pbx.push({ token: "twice" });
    expect(await pbx.push({ token: "number" })).toMatchObject({ err: "7" });
    expect(await failsAfter(300, pbx.push({ token: "wrong" }))).toMatchObject({ kind: "no-result", why: "timeout" });
    await expect(pbx.push({ token: "drop" })).rejects.toMatchObject({ kind: "no-result", why: "closed" });
    expect(violations).toHaveLength(3);
    await expect(pbx.push({ token: "after" })).rejects.toMatchObject({ kind: "no-result", why: "closed" });
  });

  it("reports unreadable frames and stays connected", async () => {
    const violations: string[] = [];
    const push = await service({
      answers: { Odd: (_, s) => ["x", '{"message":"?"}'].forEach((text) => s.send(text)) },
    });
    const pbx = await connect(push.url, { onViolation: (what) => violations.push(what) });
    pbx.raw('{"mt":"Odd"}');
    await expect.poll(() => violations.length).toBe(2);
    expect(await pbx.push({ token: "t" })).not.toHaveProperty("err");
    await pbx.close();
  });

  it("sends KeepAlives, and drops a connection after two silent intervals", async () => {
    let answers = 3;
    const push = await service({
      answers: { KeepAlive: (_, s) => void (answers-- > 0 && say(s, { mt: "KeepAliveResult" })) },
    });
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const pbx = await connect(push.url, { timeouts: { ...PATIENT, keepAlive: 30_000 } });
    expect(await pbx.keepAlive()).toBeGreaterThan(0);
    for (const answered of [2, 3]) {
      vi.advanceTimersByTime(30_000);
      await pbx.push({ token: "t" }); // the answer has come before this one's
      expect(push.bodies("KeepAlive")).toHaveLength(answered);
    }
    vi.advanceTimersByTime(60_000);
    await expect.poll(() => push.bodies("KeepAlive").length).toBe(5);
    vi.advanceTimersByTime(30_000);
    expect(await pbx.closed).toEqual({ code: 1006, reason: "2 KeepAlive intervals of silence" });
    expect(push.bodies("KeepAlive")).toHaveLength(5); // one by hand, two answered, two not
  });
});

describe("runner", () => {
  it("waits 0.5 or 1 s, then 2, 4 … 32 s", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 99].map((failures) => backoffMs(failures))).toEqual(
      [1, 2, 4, 8, 16, 32, 32, 32].map((s) => s * 1_000),
    );
    expect(backoffMs(1, 500)).toBe(500);
    expect(backoffMs(2, 500)).toBe(2_000);
  });

  it("reconnects after a drop and after a refused login, and ends on its signal", async () => {
    let refusals = 1;
    const push = await service({
      answers: {
        AppLogin: (_, s) =>
          say(s, refusals-- > 0 ? { mt: "AppLoginResult", ok: false, error: "x" } : { mt: "AppLoginResult", ok: true }),
      },
    });
    const control = new AbortController();
    const events: PbxEvent[] = [];
    let logins = 0;
    await runPbx({
      url: push.url,
      account: ACCOUNT,
      secret: SECRET,
      timeouts: PATIENT,
      firstBackoffMs: 5,
      signal: control.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.name !== "online") return;
        if (++logins === 1)
          [...push.sockets].filter((s) => s.readyState === WebSocket.OPEN).forEach((s) => s.terminate());
        else control.abort();
      },
    });
    expect(events.map(({ name }) => name)).toEqual([
      "connecting",
      "failed",
      "waiting",
      "connecting",
      "online",
      "offline",
      "waiting",
      "connecting",
      "online",
      "offline",
    ]);
    expect(events.filter((event) => event.name === "waiting").map(({ ms }) => ms)).toEqual([5, 5]);
    await expect(runPbx({ url: "nonsense", account: "a", secret: "b", onEvent: () => undefined })).rejects.toThrow(
      TypeError,
    );
  });
});
