import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { addAccount, clear, iosToken, pushes, useHost } from "../support/process/host.ts";
import { type Message, openSession, type RawSocket } from "../support/process/raw-socket.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();
const ACCOUNT = "pbx.example.com";
let secret = "";
let socket: RawSocket;
const open: RawSocket[] = [];

async function loggedIn(account = ACCOUNT, password = secret): Promise<RawSocket> {
  const fresh = await openSession(host(), { account, secret: password });
  open.push(fresh);
  return fresh;
}

async function post(members: object | string): Promise<Message> {
  socket.send(typeof members === "string" ? members : { mt: "PushNotifyPost", src: "1", ...members });
  return socket.next();
}

const arrived = (token: string) => eventually(async () => (await pushes(host())).find((push) => push.token === token));

const OK = { mt: "PushNotifyPostResult", src: "1" };

beforeAll(async () => {
  secret = await addAccount(host(), ACCOUNT);
  socket = await loggedIn();
});
afterEach(() => {
  for (const other of open.splice(1)) other.close();
});

describe("what a phone receives", () => {
  it("wakes an iPhone for a call", async () => {
    const token = iosToken("call");
    const before = Date.now();
    expect(await post({ token: `ios-call:${token}`, type: "call", data: "ciphertext" })).toEqual(OK);
    const push = await arrived(token);
    expect(push).toMatchObject({
      app: "ios-call",
      platform: "APNS_VOIP",
      topic: "com.example.phone.voip",
      pushType: "voip",
      priority: "10",
    });
    expect(push.payload).toMatchObject({ aps: {}, type: "call", payload: '{"type":"call","data":"ciphertext"}' });
    expect(push.payload["sentAt"]).toBeGreaterThanOrEqual(before);
    expect(push.payload["ttl"]).toBeGreaterThanOrEqual(2);
    expect(push.payload["ttl"]).toBeLessThanOrEqual(8);
  });

  it("shows a notification on an iPhone, and wakes an Android phone with all values as strings", async () => {
    const token = iosToken("note");
    expect(await post({ token: `ios:${token}`, type: "notification", data: "x" })).toEqual(OK);
    expect((await arrived(token)).payload).toMatchObject({ aps: { "mutable-content": 1 }, type: "notification" });
    expect(await post({ token: "android:fcm-token_1:APA91b-and-more", type: "call" })).toEqual(OK);
    const { payload } = await arrived("fcm-token_1:APA91b-and-more");
    expect(payload["type"]).toBe("call");
    expect(Object.values(payload).every((value) => typeof value === "string")).toBe(true);
  });

  it("passes on exactly the text the PBX sent", async () => {
    const token = iosToken("text");
    const text = '"b": 1.0 ,"2":"\\u2028\\/", "1":{ "x" : [1,  2] },"b":"ü"';
    await post(`{"mt":"PushNotifyPost","src":"1","token":"ios-call:${token}",${text}}`);
    expect((await arrived(token)).payload["payload"]).toBe('{"b": 1.0,"2":"\\u2028\\/","1":{ "x" : [1,  2] },"b":"ü"}');
  });

  it("sends no payload for a PBX that sends only a token", async () => {
    const token = iosToken("bare");
    expect(await post({ token })).toEqual(OK);
    const push = await arrived(token);
    expect(push.payload).not.toHaveProperty("payload");
    expect(push.payload["type"]).toBe("call");
  });

  it("accepts a token of 6,000 bytes, and an APNs token in capitals as the same phone", async () => {
    const long = "t".repeat(6_000);
    expect(await post({ token: `android:${long}` })).toEqual(OK);
    expect((await arrived(long)).token).toBe(long);
    const token = iosToken("capitals");
    await post({ token: `ios-call:${token.toUpperCase()}` });
    expect((await arrived(token)).token).toBe(token);
  });
});

describe("AWS calls", () => {
  it("are one for a known token, three more for a new token, and two more for a new connection", async () => {
    // The domain's first token in an hour takes one call more to count.
    expect(await post({ token: `ios-call:${iosToken("before the calls")}` })).toEqual(OK);
    const token = `ios-call:${iosToken("calls")}`;
    const counted = async (from: RawSocket) => {
      await clear(host(), "calls");
      from.send({ mt: "PushNotifyPost", src: "1", token });
      expect(await from.next()).toEqual(OK);
      // Recent posts are written behind the log, at any time.
      return host().calls.list(/PushRole/u);
    };
    const cold = { "dynamodb.BatchGetItem": 1, "sns.Publish": 1 };
    const first = { ...cold, "sns.CreatePlatformEndpoint": 1, "dynamodb.UpdateItem": 2 };
    const warm = { "sns.Publish": 1 };
    expect([await counted(socket), await counted(socket), await counted(socket)]).toEqual([first, warm, warm]);
    const other = await loggedIn();
    expect([await counted(other), await counted(other), await counted(socket)]).toEqual([cold, warm, warm]);
  });
});

describe("errors", () => {
  it.each([
    [{ token: "nonsense:abc" }, "UnknownApp"],
    [{ token: "ffff" }, "UnknownApp"],
    [{}, "Malformed"],
    [{ token: 5 }, "Malformed"],
    [{ token: "" }, "Malformed"],
    [{ token: `ios-call:${iosToken("x")}`, type: "notification" }, "Malformed"],
    [{ token: `ios:${iosToken("x")}`, type: "call" }, "Malformed"],
    [{ token: "ios-call:zz" }, "ApnInvalidToken"],
    [{ token: "android:" }, "GcmInvalidReg"],
    [{ token: "android:null" }, "GcmInvalidReg"],
    [{ token: `ios:${iosToken("x")}`, data: "x".repeat(4_200) }, "ApnPayloadSize"],
    [{ token: "android:one-that-is-long-enough", data: "x".repeat(4_200) }, "GcmMessageTooBig"],
  ])("%j → %s", async (members, err) => {
    expect(await post(members)).toMatchObject({ ...OK, err, info: expect.any(String) as string });
  });

  it("report a phone that uninstalled the app to an account that posted to it before", async () => {
    const token = iosToken("gone");
    await post({ token: `ios-call:${token}` });
    host().sns.phones.uninstall(token);
    expect(await post({ token: `ios-call:${token}` })).toEqual(OK);
    const answer = await eventually(async () => {
      const said = await post({ token: `ios-call:${token}` });
      return said["err"] === undefined ? undefined : said;
    });
    expect(answer).toMatchObject({ err: "Uninstalled" });
  });
});

describe("many at once", () => {
  it("get a result by src and a wake-up for each of 50 posts in one burst", async () => {
    await clear(host(), "pushes");
    // One phone accepts 20 posts at once.
    const phones = ["burst1", "burst2", "burst3"].map((name) => `ios-call:${iosToken(name)}`);
    const srcs = Array.from({ length: 50 }, (_, index) => `s${String(index)}`);
    for (const [index, src] of srcs.entries()) socket.send({ mt: "PushNotifyPost", src, token: phones[index % 3] });
    const results = await Promise.all(srcs.map(() => socket.next()));
    expect(results.map(({ src }) => src).sort()).toEqual([...srcs].sort());
    expect(results.filter(({ err }) => err !== undefined)).toEqual([]);
    await eventually(async () => ((await pushes(host())).length === 50 ? true : undefined));
  });

  it("are answered separately on two PBXes with one account", async () => {
    const other = await loggedIn(`${ACCOUNT}/standby`);
    socket.send({ mt: "PushNotifyPost", src: "mine", token: `ios-call:${iosToken("a")}` });
    other.send({ mt: "PushNotifyPost", src: "yours", token: `ios-call:${iosToken("b")}` });
    expect((await socket.next())["src"]).toBe("mine");
    expect((await other.next())["src"]).toBe("yours");
  });
});

describe("the operator", () => {
  it("closes a logged-in connection when its domain is deleted, suspended or re-keyed", async () => {
    for (const [verb, method] of [
      ["/suspend", "POST"],
      ["/replace", "POST"],
      ["", "DELETE"],
    ] as const) {
      const account = `closing${verb.replace("/", "-")}.example.com`;
      const pbx = await loggedIn(account, await addAccount(host(), account));
      const url = `${host().url}/_local/admin/domain${verb}?account=${account}`;
      expect((await fetch(url, { method })).ok).toBe(true);
      expect(await pbx.closed).toBeGreaterThanOrEqual(1000);
    }
  });
});
