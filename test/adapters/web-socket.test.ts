import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { webSocketDialer } from "../../lambdas/adapters/web-socket.ts";
import { failsAfter, holdTimeLimits } from "../support/values/time-limits.ts";

holdTimeLimits();
let server: WebSocketServer;
let answer: (socket: WebSocket) => void;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => socket.on("message", () => answer(socket)));
  await new Promise((resolve) => server.once("listening", resolve));
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/push/ws`;
const ask = async () => {
  const line = await webSocketDialer(url()).dial(1_000);
  return line.ask({ mt: "KeepAlive" }, "KeepAliveResult", 1_000).finally(() => line.close());
};

describe("the canary's connection", () => {
  test("waits for the answer with that mt, whatever comes before", async () => {
    answer = (socket) => {
      socket.send('{"mt":"Other"}');
      socket.send('{"mt":"KeepAliveResult","n":1}');
    };
    expect(await ask()).toEqual({ mt: "KeepAliveResult", n: 1 });
  });

  test.each<readonly [string, string, (socket: WebSocket) => void]>([
    ["API Gateway's own frame", "rejected", (socket) => socket.send('{"message":"Too Many Requests"}')],
    ["not JSON", "rejected", (socket) => socket.send("?")],
    ["a closed connection", "reset", (socket) => socket.close()],
  ])("reports %s as %s", async (_, kind, does) => {
    answer = does;
    await expect(ask()).rejects.toMatchObject({ name: "DependencyError", kind });
  });

  test("times out on silence after its limit", async () => {
    answer = () => undefined;
    const line = await webSocketDialer(url()).dial(1_000);
    expect(await failsAfter(100, line.ask({ mt: "KeepAlive" }, "KeepAliveResult", 100))).toMatchObject({
      name: "DependencyError",
      kind: "timeout",
    });
    line.close();
  });

  test("reports a closed port", async () => {
    const address = url();
    server.close();
    await expect(webSocketDialer(address).dial(1_000)).rejects.toMatchObject({ kind: "unavailable" });
  });

  test.each(["5", "null", '"text"', "[]"])(
    "rejects the answer %s, which is not a message of the protocol",
    async (text) => {
      answer = (socket) => socket.send(text);
      await expect(ask()).rejects.toMatchObject({ operation: "websocket.KeepAlive", kind: "rejected" });
    },
  );

  test("does not wait if it has closed before a request", async () => {
    const line = await webSocketDialer(url()).dial(1_000);
    const gone = new Promise((resolve) => server.clients.forEach((client) => client.once("close", resolve)));
    line.close();
    await gone;
    await expect(line.ask({ mt: "KeepAlive" }, "KeepAliveResult", 1_000)).rejects.toMatchObject({
      operation: "websocket.KeepAlive",
      kind: "reset",
    });
  });

  test("sends several requests, each in its own frame", async () => {
    const heard: string[] = [];
    server.on("connection", (socket) => socket.on("message", (data: Buffer) => heard.push(data.toString())));
    answer = (socket) => socket.send('{"mt":"KeepAliveResult"}');
    const line = await webSocketDialer(url()).dial(1_000);
    for (const n of [1, 2]) {
      const frame = { mt: "KeepAlive", n };
      expect(await line.ask(frame, "KeepAliveResult", 1_000)).toEqual({ mt: "KeepAliveResult" });
    }
    line.close();
    expect(heard).toEqual(['{"mt":"KeepAlive","n":1}', '{"mt":"KeepAlive","n":2}']);
  });

  test("times out if it does not open in time, and is closed", async () => {
    const silent = createServer();
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const come = once(silent, "connection") as Promise<[Socket]>;
    const dialled = webSocketDialer(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`).dial(100);
    expect(await failsAfter(100, dialled, come)).toMatchObject({ operation: "websocket.connect", kind: "timeout" });
    const [socket] = await come;
    socket.resume();
    if (!socket.closed) await once(socket, "close");
    silent.close();
  });
});
