import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { adminProgram } from "../../bin/admin/program.ts";
import { pbxProgram } from "../../bin/pbx/program.ts";
import { runHere } from "../support/process/in-process.ts";

const PAGE = "<!DOCTYPE html>\n<html>\n  <h1>It\u001b[2J works!</h1>\n</html>\n";
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach((end) => end()));

/** A server that is not a push service. */
async function server(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  ends.push(() => server.close().closeAllConnections());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering =
  (status: number, body: string, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

const IS_NOT = "is not the operator's API of a push service: it answers";
const SHOWN = "<!DOCTYPE html> <html> <h1>It\\u001b[2J works!</h1> </html>";

describe("one line reports a server that is not a push service", () => {
  it.each<readonly [string, RequestListener, string]>([
    ["a page", answering(200, PAGE), `URL ${IS_NOT} HTTP 200: ${SHOWN}`],
    ["a list", answering(200, "[1]"), `URL ${IS_NOT} HTTP 200: [1]`],
    ["a page not found", answering(404, PAGE), `URL ${IS_NOT} HTTP 404: ${SHOWN}`],
    ["nothing there", answering(404, ""), `URL ${IS_NOT} HTTP 404`],
    ["an error page", answering(500, PAGE), `URL answers HTTP 500: ${SHOWN}`],
    ["API Gateway's own error", answering(403, '{"message":"Forbidden"}'), "URL answers HTTP 403: Forbidden"],
    ["a redirect", answering(302, "", { location: "/" }), "cannot ask URL: unexpected redirect"],
    ["no answer", (request) => void request.socket.destroy(), "cannot ask URL: other side closed"],
  ])("in answer to the operator: %s", async (_, answer, line) => {
    const url = await server(answer);
    const told = await runHere(adminProgram(), ["--url", url, "domains", "list"]);
    expect(told).toMatchObject({ code: 1, out: "" });
    expect(told.err.split("\n")).toEqual([expect.stringContaining(line.replace("URL", url)), ""]);
    const { err } = await runHere(adminProgram(), ["--url", url, "domains", "list", "--json"]);
    expect(JSON.parse(err)).toMatchObject({ message: expect.stringContaining(url) as string });
  });

  it.each<readonly [string, RequestListener, number, string]>([
    ["a page", answering(200, PAGE), 1, `not an answer of a push service: ${SHOWN}`],
    ["a refusal", answering(422, '{"error":"domain","message":"No such name."}'), 1, "No such name."],
    ["an error", answering(500, PAGE), 1, `URL/push/register answered HTTP 500 ${SHOWN}`],
    ["no answer", (request) => void request.socket.destroy(), 3, "cannot reach URL/push/register: other side closed"],
  ])("in answer to a registration: %s", async (_, answer, code, line) => {
    const url = await server(answer);
    const args = ["register", "pbx.example.com", "--email", "a@example.com", "--url", url];
    expect(await runHere(pbxProgram(), args)).toEqual({ code, out: "", err: `${line.replace("URL", url)}\n` });
  });
});

describe("the local host's address", () => {
  it("may also be the Push object's URL", async () => {
    const asked: (string | undefined)[] = [];
    const url = await server(({ url }, response) => void (asked.push(url), response.end('{"domains":[]}')));
    expect(await runHere(adminProgram(), ["--url", `${url}/push/ws`, "domains", "list"])).toMatchObject({ code: 0 });
    expect(asked).toEqual(["/_local/admin/domains?limit=500"]);
  });
});
