import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { exitCode, prove, type Outcome } from "../../bin/prove/run.ts";
import { proofs } from "../../bin/prove/proofs.ts";
import { readings } from "../../bin/prove/readings.ts";
import { rowsOf, unprovenRows } from "../../bin/prove/rows.ts";
import { notTried, proven, refuted } from "../../bin/prove/verdict.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { command } from "../support/process/command.ts";
import { describeStacks, startFakeAws, type FakeAws } from "../support/aws/fake-aws.ts";
import { addAccount, getJson } from "../support/process/host.ts";

const IDLE = 1_500;
let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0, connectionTimes: { idleMs: IDLE } });
});
afterAll(async () => host.stop());

const of = (outcomes: readonly Outcome[], id: string) => {
  const found = outcomes.find((outcome) => outcome.id === id);
  if (found === undefined) throw new Error(`no outcome ${id}`);
  return found;
};
const ids = (outcomes: readonly Outcome[], verdict: Outcome["verdict"]) =>
  outcomes.filter((outcome) => outcome.verdict === verdict).map(({ id }) => id);

describe("docs/unproven.md", () => {
  const rows = unprovenRows();

  it("names every row once, and every proof has its row", () => {
    const names = rows.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(proofs).filter((id) => !names.includes(id))).toEqual([]);
  });

  it.each(rows)("tells how $id is proven", ({ id, assumption, ifWrong, proof }) => {
    expect(assumption).not.toBe("");
    expect(ifWrong).not.toBe("");
    if (id in proofs) expect(proof).toMatch(/^`npm run prove -- STAGE( --slow)?`$/u);
    else expect(proof).toMatch(/`(aws|npm run (pbx|deploy)|npx) [^`]+`/u);
  });

  it("has no row that the reader passes over", () => {
    expect(rowsOf("| `a` | is | if | `aws x` |\n| b | no id |\n|---|---|")).toEqual([
      { id: "a", assumption: "is", ifWrong: "if", proof: "`aws x`" },
    ]);
  });
});

describe("proofs against the local host", () => {
  it("prove what this host does as API Gateway is believed to", async () => {
    const connections = { endpoint: `${host.url}/push`, region: "eu-central-1" };
    const target = { url: host.wsUrl, apiUrl: host.wsUrl, edgeUrl: host.wsUrl, adminUrl: host.url, connections };
    const environment = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    Object.assign(process.env, environment);
    const outcomes = await prove({ target, idleMs: IDLE });
    for (const name of Object.keys(environment)) delete process.env[name];

    expect(ids(outcomes, "refuted")).toEqual([]);
    const elsewhere = ["certificate", ...Object.keys(readings)];
    expect(ids(outcomes, "proven")).toEqual(Object.keys(proofs).filter((id) => !elsewhere.includes(id)).sort(byRow));
    expect(of(outcomes, "endpoint-quota").why).toBe("needs the stage's account: leave --url out");
    expect(of(outcomes, "certificate").why).toBe("no TLS at this address");
    expect(of(outcomes, "voip-topic")).toMatchObject({ verdict: "not tried", why: expect.stringContaining("by hand") as string });
    expect(exitCode(outcomes)).toBe(0);
    // The account was there for the proofs alone.
    const { domains } = await getJson<{ domains: readonly { account: string }[] }>(`${host.url}/_local/admin/domains`);
    expect(domains.filter(({ account }) => account.startsWith("prove-"))).toEqual([]);
  });

  const order = unprovenRows().map(({ id }) => id);
  const byRow = (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
});

describe("proofs that read the account", () => {
  const stage = { name: "prod", region: "eu-central-1" };
  const keys = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  let aws: FakeAws | undefined;
  afterEach(async () => {
    for (const key of keys) delete process.env[key];
    await aws?.stop();
  });
  const read = async (id: string, answer: Parameters<typeof startFakeAws>[0]) => {
    aws = await startFakeAws(answer);
    for (const key of keys) process.env[key] = key === "AWS_ENDPOINT_URL" ? aws.url : "test";
    return proofs[id]?.({ target: { url: "wss://x/push/ws", stage } });
  };
  const resources = (status: string) =>
    `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>TokenKey</LogicalResourceId><ResourceType>Custom::TokenKey</ResourceType><ResourceStatus>${status}</ResourceStatus></member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

  it.each([
    ["CREATE_COMPLETE", proven("Custom::TokenKey: CREATE_COMPLETE")],
    ["CREATE_FAILED", refuted("CREATE_FAILED")],
  ])("see how the custom resource came out: %s", async (status, verdict) => {
    const seen = await read("alias-service-token", ({ body }) =>
      new URLSearchParams(body).get("StackName") === "push-prod-service" ? { body: resources(status) } : undefined,
    );
    expect(seen).toEqual(verdict);
  });

  it.each([
    ["Messages Published per Second", proven("none of 1 quotas of SNS is of endpoints")],
    ["CreatePlatformEndpoint calls per second", refuted("CreatePlatformEndpoint calls per second")],
  ])("see whether there is a quota of endpoints: %s", async (QuotaName, verdict) => {
    const body = JSON.stringify({ Quotas: [{ ServiceCode: "sns", QuotaName, Value: 1 }] });
    expect(await read("endpoint-quota", () => ({ body }))).toEqual(verdict);
  });

  it.each([
    ["OK", proven("the canary's runs succeed")],
    ["ALARM", notTried("push-prod-canary says ALARM: the canary's log names the step that fails")],
  ])("believe the canary: %s", async (StateValue, verdict) => {
    const seen = await read("leading-keys", ({ body }) =>
      body.includes("push-prod-canary") ? { body: JSON.stringify({ MetricAlarms: [{ StateValue }] }) } : undefined,
    );
    expect(seen).toEqual(verdict);
  });

  it("do not take a missing right for an answer", async () => {
    await expect(read("endpoint-quota", () => undefined)).rejects.toThrow("not allowed");
  });
});

describe("proofs against a service that does otherwise", () => {
  let server: WebSocketServer | undefined;
  afterEach(() => {
    for (const client of server?.clients ?? []) client.terminate();
    server?.close();
  });

  /** Answers every frame with the same one. */
  async function answering(reply: string | Buffer, path?: string): Promise<string> {
    server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...(path !== undefined && { path }) });
    server.on("connection", (socket) => socket.on("message", () => socket.send(reply)));
    await once(server, "listening");
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/push/ws`;
  }

  it("are refuted by frames of API Gateway's own", async () => {
    const url = await answering('{"message":"Internal server error"}');
    const all = { target: { url, apiUrl: url } };
    for (const id of ["two-way-reply", "keepalive-mock", "default-route", "execute-api-path"])
      expect(await proofs[id]?.(all), id).toMatchObject({ verdict: "refuted", why: expect.stringContaining("Internal server error") as string });
  });

  it("are refuted by binary frames", async () => {
    const url = await answering(Buffer.from('{"mt":"KeepAliveResult"}'));
    expect(await proofs["keepalive-mock"]?.({ target: { url } })).toMatchObject({ verdict: "refuted", why: expect.stringMatching(/binary/u) as string });
  });

  it("are refuted where an address that should work does not", async () => {
    const verdict = await proofs["cloudfront-path"]?.({ target: { url: host.wsUrl, edgeUrl: `${host.url}/wrong` } });
    expect(verdict).toMatchObject({ verdict: "refuted", why: expect.stringContaining("cannot connect") as string });
  });

  it("are refuted where only one of the paths that PBXes open works", async () => {
    const url = await answering('{"mt":"AppChallengeResult"}', "/push/ws");
    const verdict = await proofs["cloudfront-path"]?.({ target: { url, edgeUrl: url } });
    expect(verdict).toMatchObject({ verdict: "refuted", why: expect.stringContaining("/push/ws/: ") as string });
  });

  it("are not tried where nothing can be reached, and that is no success", async () => {
    const outcomes = await prove({ target: { url: "ws://127.0.0.1:9/push/ws" } });
    expect(ids(outcomes, "proven")).toEqual([]);
    expect(exitCode(outcomes)).toBe(3);
    expect(of(outcomes, "two-way-reply").why).toContain("cannot connect to ws://127.0.0.1:9/push/ws");
    expect(of(outcomes, "one-way-silent").why).toContain("needs a login");
    expect(of(outcomes, "ping-idle").why).toContain("--slow");
  });

  it.skipIf(spawnSync("openssl", ["version"]).error !== undefined)("are refuted by a certificate that nobody vouches for", async () => {
    const directory = mkdtempSync(join(tmpdir(), "push-certificate-"));
    const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(directory, name)) as [string, string];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/O=Amazon/CN=localhost", "-keyout", key, "-out", cert];
    spawnSync("openssl", request);
    const tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, "127.0.0.1");
    await once(tls, "listening");
    const url = `wss://localhost:${(tls.address() as AddressInfo).port}/push/ws`;
    expect(await proofs["certificate"]?.({ target: { url } })).toEqual(refuted("the certificate is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT"));
    tls.close();
    rmSync(directory, { recursive: true });
  });

  it("tell why nobody could log in", async () => {
    const outcomes = await prove({ target: { url: host.wsUrl, adminUrl: "http://127.0.0.1:9" } });
    expect(of(outcomes, "one-way-silent")).toMatchObject({ verdict: "not tried", why: expect.stringContaining("cannot ask http://127.0.0.1:9") as string });
    expect(of(outcomes, "keepalive-mock").verdict).toBe("proven");
  });

  it("end with 1 as soon as one is refuted", () => {
    expect(exitCode([{ id: "a", ...proven("") }, { id: "b", ...refuted("") }, { id: "c", ...notTried("") }])).toBe(1);
  });
});

describe("npm run prove", () => {
  let aws: FakeAws | undefined;
  afterEach(async () => aws?.stop());

  it("takes a URL, an account and a secret", async () => {
    const secret = await addAccount(host, "prove-cli.example.com");
    const given = ["local", "--url", host.url, "--account", "prove-cli.example.com", "--json"];
    const { code, out, err } = await command("bin/prove.ts", given, { PBX_SECRET: secret });
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).not.toContain(secret);
    const { outcomes } = JSON.parse(out) as { outcomes: readonly Outcome[] };
    expect(ids(outcomes, "refuted")).toEqual([]);
    expect(of(outcomes, "one-way-silent").verdict).toBe("proven");
  });

  it("finds the addresses by the stack's outputs", async () => {
    const outputs = { PushUrl: `${host.url}/push/ws`, SocketUrl: `${host.url}/push`, AdminUrl: host.url };
    aws = await startFakeAws(({ body }) => describeStacks({ "push-minimal-service": outputs }, body));
    const { code, out } = await command("bin/prove.ts", ["minimal"], { AWS_ENDPOINT_URL: aws.url });
    expect(code).toBe(0);
    expect(out).toMatch(/execute-api-path +proven/u);
    expect(out).toMatch(/cloudfront-path +not tried +no host name/u);
    expect(out).toMatch(/clock-agreement +proven/u);
    expect(out).toMatch(/endpoint-quota +not tried/u);
    expect(aws.asked.map(({ operation }) => operation)).toEqual(expect.arrayContaining(["DescribeStacks", "ListStackResources"]));

    const missing = await command("bin/prove.ts", ["prod"], { AWS_ENDPOINT_URL: aws.url });
    expect(missing).toMatchObject({ code: 3, err: "there is no stack push-prod-service in eu-central-1 with these credentials: deploy the stage first\n" });
  });

  it.each([
    [[], /missing required argument/u],
    [["nowhere"], /not in stages\.ts/u],
    [["local", "--url", "ftp://x"], /no address of a push service/u],
    [["local", "--url", "http://127.0.0.1:9", "--account", "a.example.com"], /--account needs --secret/u],
  ])("refuses %j with 2", async (args, complaint) => {
    const { code, err } = await command("bin/prove.ts", args);
    expect(err).toMatch(complaint);
    expect(code).toBe(2);
  });
});
