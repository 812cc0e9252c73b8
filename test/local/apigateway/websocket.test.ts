import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startLocalHost, type LocalHost } from "../../../local/host.ts";
import { fixture } from "../fixture/assembly.ts";
import { awsOptions, open } from "../support.ts";
import { eventually } from "../../support/process/waiting.ts";

let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, assembly: fixture() });
});
afterAll(() => host.stop());

interface Answer {
  readonly routeKey: string;
  readonly connectionId: string;
  readonly src?: unknown;
  readonly invocations: number;
  readonly remaining: number;
  readonly environment: string;
  readonly length: number;
}
const parsed = (frame: string) => JSON.parse(frame) as Answer;

describe("routes", () => {
  it("are selected by $request.body.mt, otherwise $default; the function has the template's environment", async () => {
    const client = await open(host.wsUrl);
    client.send({ mt: "Other", src: 1 });
    const answer = parsed(await client.next());
    expect(answer).toMatchObject({ routeKey: "$default", src: 1, environment: "service in eu-west-1" });
    expect(answer.remaining).toBeGreaterThan(0);
    expect(answer.remaining).toBeLessThanOrEqual(2_000);
    client.send({ mt: "$connect", src: 2 });
    expect(parsed(await client.next())).toMatchObject({ routeKey: "$default", src: 2 });
    client.socket.close();
  });

  it("answer by MOCK without a function, and send nothing where a route has no route response", async () => {
    const client = await open(host.wsUrl);
    client.send({ mt: "OneWay" });
    client.send({ mt: "KeepAlive" });
    expect(await client.next()).toBe('{"mt":"KeepAliveResult"}');
    client.send({ mt: "Last", wait: 300 });
    expect(parsed(await client.next()).routeKey).toBe("$default");
    expect(client.frames).toEqual([]);
    client.socket.close();
  });

  it("are throttled separately, with API Gateway's own frame", async () => {
    const client = await open(host.wsUrl);
    vi.useFakeTimers({ toFake: ["Date"] }); // the bucket does not fill meanwhile
    for (let n = 0; n < 5; n += 1) client.send({ mt: "Rare" });
    const frames = await Promise.all(Array.from({ length: 5 }, () => client.next()));
    vi.useRealTimers();
    expect(frames.filter((frame) => frame.includes('"message":"Too Many Requests"'))).toHaveLength(3);
    client.send({ mt: "KeepAlive" });
    expect(await client.next()).toBe('{"mt":"KeepAliveResult"}');
    client.socket.close();
  });

  it("run in parallel for frames of one socket, so that answers can overtake one another", async () => {
    const patient = await startLocalHost({ port: 0, assembly: fixture(), patience: 100 });
    const go = new BroadcastChannel("go on");
    try {
      const client = await open(patient.wsUrl);
      client.send({ mt: "A", src: "slow", waitFor: "go on" });
      client.send({ mt: "A", src: "quick" });
      expect(parsed(await client.next()).src).toBe("quick");
      go.postMessage("");
      expect(parsed(await client.next()).src).toBe("slow");
      client.socket.close();
    } finally {
      go.close();
      await patient.stop();
    }
  });
});

describe("failing functions", () => {
  it.each(["Throw", "Crash", "Hang", "Exit"])(
    "%s: are answered with API Gateway's own frame, and the next event works",
    async (mt) => {
      const client = await open(host.wsUrl);
      client.send({ mt });
      expect(JSON.parse(await client.next())).toEqual({
        message: "Internal server error",
        connectionId: expect.any(String) as unknown,
        requestId: expect.any(String) as unknown,
      });
      client.send({ mt: "After" });
      expect(parsed(await client.next()).routeKey).toBe("$default");
      client.socket.close();
      if (mt !== "Exit") expect(host.logs.list().some(({ line }) => line.includes('"ERROR"'))).toBe(true);
    },
  );

  it("end the handshake with their status when they refuse $connect", async () => {
    for (const status of [400, 401, 403, 503])
      await expect(open(host.wsUrl, { "x-refuse": `${status}` })).rejects.toThrow(`status ${status}`);
  });

  it.each(["x-throw", "x-shapeless"])("end the handshake with 502 when they fail at $connect: %s", async (header) => {
    await expect(open(host.wsUrl, { [header]: "1" })).rejects.toThrow("status 502");
  });
});

describe("frames", () => {
  it("are accepted up to 32 KB, in messages up to 128 KB", async () => {
    const client = await open(host.wsUrl);
    const text = JSON.stringify({ mt: "Long", pad: "x".repeat(100_000) });
    for (let at = 0; at < text.length; at += 4_096)
      client.socket.send(text.slice(at, at + 4_096), { fin: at + 4_096 >= text.length });
    expect(parsed(await client.next()).length).toBe(text.length);
    client.send({ mt: "Limit", pad: "x".repeat(32 * 1024 - 23) });
    expect(parsed(await client.next()).length).toBe(32 * 1024);
    client.socket.close();
  });

  it.each([
    ["a frame over 32 KB", 1009, (send: (text: string | Buffer) => void) => send("x".repeat(33 * 1024))],
    ["a binary frame", 1003, (send: (text: string | Buffer) => void) => send(Buffer.from("{}"))],
  ])("%s closes the connection with %i", async (_, code, act) => {
    const client = await open(host.wsUrl);
    act((value) => client.send(value));
    expect(await client.closed).toBe(code);
    expect(client.frames).toEqual([]);
  });

  it("over 128 KB in one message close the connection with 1009", async () => {
    const client = await open(host.wsUrl);
    for (let n = 0; n < 9; n += 1) client.socket.send("x".repeat(16 * 1024), { fin: false });
    expect(await client.closed).toBe(1009);
  });
});

describe("connections", () => {
  it("are read, written to and closed by @connections, which answers Gone for closed ones", async () => {
    const client = await open(host.wsUrl);
    client.send({ mt: "Who" });
    const { connectionId } = parsed(await client.next());
    const api = new ApiGatewayManagementApiClient(awsOptions(`${host.url}/push`));
    const ConnectionId = connectionId;

    const { ConnectedAt, LastActiveAt, Identity } = await api.send(new GetConnectionCommand({ ConnectionId }));
    expect(LastActiveAt?.getTime()).toBeGreaterThanOrEqual(ConnectedAt?.getTime() ?? Infinity);
    expect(Identity?.SourceIp).toContain("127.0.0.1");
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from("unasked") }));
    expect(await client.next()).toBe("unasked");
    await api.send(new DeleteConnectionCommand({ ConnectionId }));
    await client.closed;
    const told = await eventually(() =>
      host.logs.list().find(({ line }) => line.includes(`"disconnected":"${ConnectionId}"`)),
    );
    expect(told.line).toContain('"code"');
    await expect(api.send(new GetConnectionCommand({ ConnectionId }))).rejects.toMatchObject({ name: "GoneException" });
    expect(host.calls.list()).toMatchObject({ "execute-api.DeleteConnection": 1, "execute-api.GetConnection": 2 });
  });

  it("end after 10 min without a frame, and after 2 h despite KeepAlive", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const [idle, busy] = await Promise.all([open(host.wsUrl), open(host.wsUrl)]);
      const keepAlive = async () => {
        busy.send({ mt: "KeepAlive" });
        await busy.next();
      };
      vi.advanceTimersByTime(599_999);
      await keepAlive();
      expect(idle.socket.readyState).toBe(idle.socket.OPEN);
      vi.advanceTimersByTime(1);
      expect(await idle.closed).toBe(1001);
      for (let passedMs = 600_000; passedMs < 7_200_000 - 300_000; passedMs += 300_000) {
        vi.advanceTimersByTime(300_000);
        await keepAlive();
      }
      vi.advanceTimersByTime(299_999);
      await keepAlive();
      vi.advanceTimersByTime(1);
      expect(await busy.closed).toBe(1001);
    } finally {
      vi.useRealTimers();
    }
  });
});

/** Status and headers that answer a handshake, malformed ones included; headers with the value undefined are not sent. */
const shake = (path: string, headers: Readonly<Record<string, string | undefined>> = {}, method = "GET") =>
  new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const all = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": KEY,
      ...headers,
    };
    const sent = Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined),
    ) as OutgoingHttpHeaders;
    const asked = request(`${host.url}${path}`, { method, headers: sent });
    asked.on("upgrade", ({ headers: came }, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: came });
    });
    asked.on("response", (response) =>
      resolve({ status: response.resume().statusCode ?? 0, headers: response.headers }),
    );
    asked.on("error", reject).end();
  });
const KEY = Buffer.alloc(16).toString("base64");
const connects = () => host.logs.list().filter(({ line }) => line.includes('"connected"')).length;

describe("handshakes", () => {
  it.each(["/push/ws", "/push/ws/", "/push", "/push/", "/push/ws?a=1", "/push?a=1"])(
    "are accepted at %s",
    async (path) => {
      expect((await shake(path)).status).toBe(101);
    },
  );

  it.each(["/push/ws/more", "/push/wsx", "/pushy", "/ws", "/", "/push/@connections"])(
    "are refused at %s",
    async (path) => {
      const before = connects();
      expect((await shake(path)).status).toBe(404);
      expect(connects()).toBe(before);
    },
  );

  it.each([
    ["another method", "/push/ws", {}, "POST", 405],
    ["another protocol", "/push/ws", { upgrade: "h2c" }, "GET", 400],
    ["a key of the wrong length", "/push/ws", { "sec-websocket-key": "AAAA" }, "GET", 400],
    ["no key", "/push/ws", { "sec-websocket-key": undefined }, "GET", 400],
    ["no version", "/push/ws", { "sec-websocket-version": undefined }, "GET", 426],
    ["an old version, which ws takes", "/push/ws", { "sec-websocket-version": "8" }, "GET", 426],
    ["a subprotocol that is not a list of names", "/push/ws", { "sec-websocket-protocol": "a,,b" }, "GET", 400],
    ["a URL of more than 4,096 characters", `/push/ws?${"x".repeat(4_096)}`, {}, "GET", 414],
  ])("are refused without calling $connect if malformed: %s", async (_, path, headers, method, status) => {
    const before = connects();
    const answer = await shake(path, headers, method);
    expect(answer.status).toBe(status);
    if (status === 426) expect(answer.headers["sec-websocket-version"]).toBe("13");
    expect((await shake("/push/ws")).status).toBe(101); // its $connect is in the log, and no other
    expect(connects()).toBe(before + 1);
  });

  it("return exactly the subprotocol that $connect chose", async () => {
    const answered = async (headers: Record<string, string>) =>
      (await shake("/push/ws", headers)).headers["sec-websocket-protocol"];
    expect(await answered({ "sec-websocket-protocol": "chat, other" })).toBeUndefined();
    expect(await answered({ "sec-websocket-protocol": "chat, other", "X-Answer-Protocol": "other" })).toBe("other");
    // The function's mistake: the client refuses it, as it would on AWS.
    expect(await answered({ "X-Answer-Protocol": "unasked" })).toBe("unasked");
  });

  it("pass header names to $connect as they were sent", async () => {
    await shake("/push/ws", { "X-Spelt-So": "1" });
    await eventually(() => host.logs.list().find(({ line }) => line.includes('"X-Spelt-So"')));
  });
});

describe("requests without an upgrade", () => {
  const get = (path: string, init: RequestInit = {}) => fetch(`${host.url}${path}`, { redirect: "manual", ...init });

  it.each(["/push", "/push/"])("for %s are redirected to the Connect page", async (path) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await get(path, { method });
      expect([answer.status, answer.headers.get("location")]).toEqual([302, "/push/connect"]);
    }
    expect((await get(path, { method: "POST" })).status).toBe(426);
  });

  it.each(["/push/ws", "/push/ws/"])("for %s are answered with 426 and Upgrade", async (path) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get("upgrade")]).toEqual([426, "websocket"]);
  });
});
