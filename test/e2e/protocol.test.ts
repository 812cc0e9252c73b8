import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectPbx } from "../../bin/pbx/protocol/client.ts";
import { addAccount, iosToken, pushes, quiet, useHost } from "../support/process/host.ts";
import { challengeOf, logIn, loginFrame, openSocket, type RawSocket } from "../support/process/raw-socket.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();
const ACCOUNT = "pbx.example.com";
let secret = "";
const open: RawSocket[] = [];

async function connect(): Promise<RawSocket> {
  const socket = await openSocket(host().wsUrl);
  open.push(socket);
  return socket;
}

beforeAll(async () => {
  secret = await addAccount(host(), ACCOUNT);
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

describe("before login", () => {
  it("answers CheckBuild before AppChallenge, without a redirect, echoing src", async () => {
    const socket = await connect();
    socket.send({ mt: "CheckBuild", url: "x", src: "a" });
    expect(await socket.next()).toEqual({ mt: "CheckBuildResult", src: "a" });
  });

  it("sends a new challenge each time, of at most 16 printable characters, and no sysClient", async () => {
    const socket = await connect();
    socket.send({ mt: "AppChallenge", appObj: "push", user: "x" });
    const first = await socket.next();
    expect(first).toEqual({ mt: "AppChallengeResult", challenge: expect.stringMatching(/^[!-~]{1,16}$/u) as string });
    expect(await challengeOf(socket)).not.toBe(first["challenge"]);
  });

  it("answers KeepAlive with a text frame and AppInfo with an empty info", async () => {
    const socket = await connect();
    socket.send({ mt: "KeepAlive" });
    expect(await socket.next()).toMatchObject({ mt: "KeepAliveResult" });
    socket.send({ mt: "AppInfo", app: "ws", src: "7" });
    expect(await socket.next()).toEqual({ mt: "AppInfoResult", src: "7", app: "ws", info: {} });
  });

  it("refuses a post with a single result", async () => {
    const socket = await connect();
    socket.send({ mt: "PushNotifyPost", src: "1", token: `ios-call:${"ab".repeat(32)}` });
    expect(await socket.next()).toMatchObject({ mt: "PushNotifyPostResult", src: "1", err: "Malformed" });
  });
});

describe("login", () => {
  it.each(["/push/ws", "/push/ws/", "/push", "/push/"])("works at %s", async (path) => {
    const socket = await openSocket(new URL(path, host().wsUrl).href);
    open.push(socket);
    expect(await logIn(socket, { account: ACCOUNT, secret })).toMatchObject({
      mt: "AppLoginResult",
      ok: true,
      app: "ws",
    });
  });

  it("works for a PBX that omits the URL's last component", async () => {
    const pbx = await connectPbx({
      url: host().wsUrl,
      strip: true,
      account: ACCOUNT,
      secret,
      timeouts: { keepAlive: 0 },
    });
    expect(await pbx.push({ token: "nobody:x", api: "Push" })).toMatchObject({ err: "UnknownApp" });
    await pbx.close();
  });

  it("accepts a correct digest on any number of connections of one account", async () => {
    const [master, standby] = [await connect(), await connect()];
    for (const socket of [master, standby]) {
      expect(await logIn(socket, { account: ACCOUNT, secret })).toMatchObject({ mt: "AppLoginResult", ok: true });
    }
    for (const socket of [master, standby]) {
      socket.send({ mt: "AppInfo", app: "x" });
      expect(await socket.next()).toMatchObject({ mt: "AppInfoResult" });
    }
  });

  const infos = {
    "an umlaut": '{"cn":"Müller"}',
    "an escaped slash": '{"url":"https:\\/\\/a.b\\/c"}',
    "an escaped umlaut": '{"cn":"M\\u00fcller"}',
    "a line separator": '{"cn":"a\\u2028b"}',
    "a raw line separator": `{"cn":"a\u2028b"}`,
    "1.0": '{"v":1.0}',
    "integer-like keys": '{"2":1,"1":2,"b":3,"a":4}',
    "duplicate keys": '{"a":1,"a":2}',
    "white space": '{ "a" : 1 ,\n "b":[ 1 ] }',
    "an empty object": "{}",
    "not an object": '"text"',
  };
  it.each(Object.entries(infos))("uses info exactly as in the frame: %s", async (_, info) => {
    const socket = await connect();
    expect(await logIn(socket, { account: ACCOUNT, secret, info })).toMatchObject({ ok: true });
  });

  it.each([
    ["colons in fields", { sip: "a:b", guid: ":", dn: "x::y" }],
    ["empty fields", { sip: "", guid: "", dn: "" }],
    ["umlauts in fields", { dn: "Zürich ☎" }],
  ])("accepts %s", async (_, fields) => {
    const socket = await connect();
    expect(await logIn(socket, { account: ACCOUNT, secret, fields })).toMatchObject({ ok: true });
  });

  it.each(["pbx.example.com/master", "PBX.Example.com", "pbx.example.com."])(
    "accepts the domain's secret for %s, with the digest over the spelling sent",
    async (account) => {
      const socket = await connect();
      expect(await logIn(socket, { account, secret })).toMatchObject({ ok: true, domain: account });
    },
  );

  it("accepts an upper-case digest", async () => {
    const socket = await connect();
    const frame = loginFrame({ account: ACCOUNT, secret }, await challengeOf(socket));
    socket.send(frame.replace(/"digest":"(\w+)"/u, (_, digest: string) => `"digest":"${digest.toUpperCase()}"`));
    expect(await socket.next()).toMatchObject({ ok: true });
  });

  it("answers an unknown domain and a wrong secret alike, with strings", async () => {
    const answers = [];
    for (const account of [ACCOUNT, "nobody.example.com", ""]) {
      const socket = await connect();
      answers.push(await logIn(socket, { account, secret: "wrong" }));
    }
    expect(answers[0]).toEqual({
      mt: "AppLoginResult",
      ok: false,
      error: expect.any(String) as string,
      errorText: expect.any(String) as string,
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("accepts a challenge only once, and only on its own connection", async () => {
    const [socket, other] = [await connect(), await connect()];
    const frame = loginFrame({ account: ACCOUNT, secret }, await challengeOf(socket));
    await challengeOf(other);
    other.send(frame);
    expect(await other.next()).toMatchObject({ mt: "AppLoginResult", ok: false });
    socket.send(frame);
    expect(await socket.next()).toMatchObject({ ok: true });
    socket.send(frame);
    expect(await socket.next()).toMatchObject({ mt: "AppLoginResult", ok: false });
  });

  it("accepts no second attempt with the same challenge", async () => {
    const socket = await connect();
    const challenge = await challengeOf(socket);
    socket.send(loginFrame({ account: ACCOUNT, secret: "wrong" }, challenge));
    expect(await socket.next()).toMatchObject({ ok: false });
    socket.send(loginFrame({ account: ACCOUNT, secret }, challenge));
    expect(await socket.next()).toMatchObject({ ok: false });
  });

  it.each(["app", "domain", "sip", "guid", "dn", "digest"])(
    "rejects a number for %s, naming the member",
    async (member) => {
      const socket = await connect();
      await challengeOf(socket);
      socket.send({ mt: "AppLogin", domain: ACCOUNT, digest: "x", [member]: 5 });
      expect(await socket.next()).toMatchObject({
        ok: false,
        error: "Malformed",
        errorText: `${member} must be a string`,
      });
    },
  );

  it("accepts only an account's own secret if it has one", async () => {
    const own = await addAccount(host(), `${ACCOUNT}/own`);
    for (const [password, ok] of [
      [secret, false],
      [own, true],
    ] as const) {
      expect(await logIn(await connect(), { account: `${ACCOUNT}/own`, secret: password })).toMatchObject({ ok });
    }
    expect(await logIn(await connect(), { account: ACCOUNT, secret: own })).toMatchObject({ ok: false });
  });

  it("throttles repeated failures, but never a correct digest", async () => {
    const account = "failing.example.com";
    const right = await addAccount(host(), account);
    const socket = await connect();
    const errors = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      errors.push((await logIn(socket, { account, secret: "wrong" }))["error"]);
    expect([errors[0], errors.at(-1)]).toEqual(["Unauthorized", "TooManyFailures"]);
    expect(await logIn(socket, { account, secret: right })).toMatchObject({ ok: true });
  });

  it("stores PbxInfo without a reply", async () => {
    const socket = await connect();
    await logIn(socket, { account: ACCOUNT, secret });
    socket.send({ mt: "PbxInfo", domain: ACCOUNT, pbx: "master", pbxDns: "pbx", apis: ["PbxApi"], version: "14r2" });
    await quiet(host());
    expect(await socket.rest()).toEqual([]);
  });
});

describe("a post", () => {
  let number = 0;
  const vendorTokens = () => {
    number += 1;
    return { ios: iosToken(`protocol ${number}`), android: `instance${number}:APA91b-of-a-likely-length-${number}` };
  };
  const phone = (device: string) =>
    eventually(async () => (await pushes(host())).find(({ token }) => token === device));

  it("for a token without an app goes to the default app of its vendor", async () => {
    const { ios, android } = vendorTokens();
    const socket = await connect();
    await logIn(socket, { account: ACCOUNT, secret });
    for (const token of [ios, android]) {
      socket.send({ mt: "PushNotifyPost", src: "1", token });
      expect(await socket.next()).toEqual({ mt: "PushNotifyPostResult", src: "1" });
    }
    expect((await phone(ios)).app).toBe("ios-call");
    expect((await phone(android)).app).toBe("android");
  });

  it.each([
    ["ios-call", "call"],
    ["ios", "notification"],
    ["android", "call"],
  ])("without a known type, to %s is a %s", async (app, kind) => {
    const socket = await connect();
    await logIn(socket, { account: ACCOUNT, secret });
    for (const members of [{}, { type: "smoke signal" }]) {
      const { ios, android } = vendorTokens();
      const device = app === "android" ? android : ios;
      socket.send({ mt: "PushNotifyPost", token: `${app}:${device}`, ...members });
      expect(await socket.next()).toEqual({ mt: "PushNotifyPostResult" }); // no src in, no src out
      expect((await phone(device)).payload["type"]).toBe(kind);
    }
  });

  it("passes on every member except mt, api, src and token, with a collapse id for duplicates", async () => {
    const { ios } = vendorTokens();
    const socket = await connect();
    await logIn(socket, { account: ACCOUNT, secret });
    socket.send(
      `{"api":"Push","mt":"PushNotifyPost","x":1,"src":"s","token":"ios-call:${ios}","type":"call","y":{"z":[]}}`,
    );
    expect(await socket.next()).toEqual({ mt: "PushNotifyPostResult", api: "Push", src: "s" });
    const { payload, collapseId } = await phone(ios);
    expect(payload["payload"]).toBe('{"x":1,"type":"call","y":{"z":[]}}');
    expect(collapseId).toBe(payload["id"]);
    expect(Buffer.byteLength(collapseId ?? "")).toBeLessThanOrEqual(64);
  });
});

describe("hostile frames", () => {
  const bad = [
    "null",
    "[]",
    "5",
    '"text"',
    "plain text",
    "{",
    '{"mt":5}',
    '{"mt":null}',
    "{}",
    '{"mt":"Nonsense"}',
    "",
  ];
  it("are each answered with an error in protocol form, and the socket stays open", async () => {
    const socket = await connect();
    for (const text of bad) {
      socket.send(text);
      const answer = await socket.next();
      expect(answer, text).toEqual({
        mt: "Error",
        error: expect.any(String) as string,
        errorText: expect.any(String) as string,
      });
    }
    expect(await challengeOf(socket)).toHaveLength(16);
  });

  it("may be split into continuation frames of 4,096 bytes", async () => {
    const socket = await connect();
    await logIn(socket, { account: ACCOUNT, secret });
    const text = JSON.stringify({ mt: "AppInfo", app: "ws", src: "c", filler: "x".repeat(14_000) });
    for (let at = 0; at < text.length; at += 4096) {
      socket.sendRaw(text.slice(at, at + 4096), { binary: false, fin: at + 4096 >= text.length });
    }
    expect(await socket.next()).toMatchObject({ mt: "AppInfoResult", src: "c" });
  });

  it("close only their own connection: 33 KB with 1009, binary with 1003", async () => {
    const [huge, binary, bystander] = [await connect(), await connect(), await connect()];
    huge.send({ mt: "AppInfo", filler: "x".repeat(33 * 1024) });
    expect(await huge.closed).toBe(1009);
    binary.sendRaw(Buffer.from("{}"), { binary: true });
    expect(await binary.closed).toBe(1003);
    expect(await challengeOf(bystander)).toHaveLength(16);
  });

  it.each([
    ["a string", '"a\\u0000\\"b"', 'a\u0000"b'],
    ["a number", "1.50", 1.5],
    ["an object", '{"a":[1]}', { a: [1] }],
  ])("with an api and a src that are %s get both back unchanged", async (_, text, value) => {
    const socket = await connect();
    socket.send(`{"mt":"CheckBuild","src":${text}}`);
    expect(await socket.next()).toEqual({ mt: "CheckBuildResult", src: value });
    socket.send(`{"mt":"Nonsense","api":${text}}`);
    expect(await socket.next()).toMatchObject({ mt: "Error", api: value });
  });
});

describe("30 s after a socket opened", () => {
  it("the service closes it if it has not logged in, and no other", async () => {
    const [silent, refused, loggedIn] = [await connect(), await connect(), await connect()];
    expect(await logIn(refused, { account: ACCOUNT, secret: "wrong" })).toMatchObject({ ok: false });
    expect(await logIn(loggedIn, { account: ACCOUNT, secret })).toMatchObject({ ok: true });
    const checks = host().queues.find(({ definition }) => definition.redrive && definition.name.includes("Checks"));
    if (checks === undefined) throw new Error("no queue of checks");
    checks.pass(30_000);
    for (const socket of [silent, refused]) expect(await socket.closed).toBeGreaterThanOrEqual(1000);
    await quiet(host());
    expect(await challengeOf(loggedIn)).toHaveLength(16);
  });
});
