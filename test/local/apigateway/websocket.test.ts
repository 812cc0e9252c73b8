import { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
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
  it("lead to the function by $request.body.mt, everything else to $default; the template's environment arrives", async () => {
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

  it("answer by MOCK without a function, and a route without route response not at all", async () => {
    const client = await open(host.wsUrl);
    client.send({ mt: "OneWay" });
    client.send({ mt: "KeepAlive" });
    expect(await client.next()).toBe('{"mt":"KeepAliveResult"}');
    client.send({ mt: "Last", wait: 300 });
    expect(parsed(await client.next()).routeKey).toBe("$default");
    expect(client.frames).toEqual([]);
    client.socket.close();
  });

  it("are throttled each by itself, with API Gateway's own frame", async () => {
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

  it("run at the same time for frames of one socket, and answers overtake one another", async () => {
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
  it.each(["Throw", "Crash", "Hang", "Exit"])("%s: API Gateway's own frame, and the next event is answered", async (mt) => {
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
  });

  it("that refuse $connect end the handshake with their status", async () => {
    await expect(open(host.wsUrl, { "x-refuse": "1" })).rejects.toThrow("status 403");
  });
});

describe("frames", () => {
  it("of up to 32 KB and messages of up to 128 KB in several frames are taken", async () => {
    const client = await open(host.wsUrl);
    const text = JSON.stringify({ mt: "Long", pad: "x".repeat(100_000) });
    for (let at = 0; at < text.length; at += 4_096) client.socket.send(text.slice(at, at + 4_096), { fin: at + 4_096 >= text.length });
    expect(parsed(await client.next()).length).toBe(text.length);
    client.send({ mt: "Limit", pad: "x".repeat(32 * 1024 - 23) });
    expect(parsed(await client.next()).length).toBe(32 * 1024);
    client.socket.close();
  });

  it.each([
    ["a frame over 32 KB", 1009, (send: (text: string | Buffer) => void) => send("x".repeat(33 * 1024))],
    ["a binary frame", 1003, (send: (text: string | Buffer) => void) => send(Buffer.from("{}"))],
  ])("%s closes with %i", async (_, code, act) => {
    const client = await open(host.wsUrl);
    act((value) => client.send(value));
    expect(await client.closed).toBe(code);
    expect(client.frames).toEqual([]);
  });

  it("a message over 128 KB closes with 1009", async () => {
    const client = await open(host.wsUrl);
    for (let n = 0; n < 9; n += 1) client.socket.send("x".repeat(16 * 1024), { fin: false });
    expect(await client.closed).toBe(1009);
  });
});

describe("connections", () => {
  it("are looked at, written to and closed by @connections; gone ones are Gone", async () => {
    const client = await open(host.wsUrl);
    client.send({ mt: "Who" });
    const { connectionId } = parsed(await client.next());
    const api = new ApiGatewayManagementApiClient(awsOptions(`${host.url}/push/ws`));
    const ConnectionId = connectionId;

    const { ConnectedAt, LastActiveAt, Identity } = await api.send(new GetConnectionCommand({ ConnectionId }));
    expect(LastActiveAt?.getTime()).toBeGreaterThanOrEqual(ConnectedAt?.getTime() ?? Infinity);
    expect(Identity?.SourceIp).toContain("127.0.0.1");
    await api.send(new PostToConnectionCommand({ ConnectionId, Data: Buffer.from("unasked") }));
    expect(await client.next()).toBe("unasked");
    await api.send(new DeleteConnectionCommand({ ConnectionId }));
    await client.closed;
    const told = await eventually(() => host.logs.list().find(({ line }) => line.includes(`"disconnected":"${ConnectionId}"`)));
    expect(told.line).toContain('"code"');
    await expect(api.send(new GetConnectionCommand({ ConnectionId }))).rejects.toMatchObject({ name: "GoneException" });
    expect(host.calls.list()).toMatchObject({ "execute-api.DeleteConnection": 1, "execute-api.GetConnection": 2 });
  });

  it("end after 10 min without a frame, and after 2 h, which KeepAlive does not lengthen", async () => {
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

  it("are refused anywhere but at /push/ws, and a plain request there is told to upgrade", async () => {
    await expect(open(`${host.wsUrl}/more`)).rejects.toThrow("status 404");
    expect((await fetch(`${host.url}/push/ws`)).status).toBe(426);
  });
});
