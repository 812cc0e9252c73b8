import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { bounceOf, bounces } from "../../bin/prove/proofs/bounce.ts";
import type { Means } from "../../bin/prove/means.ts";
import { proofs, stayOpen } from "../../bin/prove/proofs/proofs.ts";
import { deliveryLogsAfter, readings } from "../../bin/prove/proofs/readings.ts";
import { proveProgram } from "../../bin/prove/program.ts";
import { rowsOf, UNPROVEN, unprovenRows } from "../../bin/prove/rows.ts";
import { exitCode, prove, type Outcome } from "../../bin/prove/run.ts";
import { storyOf } from "../../bin/prove/story.ts";
import type { Target } from "../../bin/prove/target.ts";
import type { Api } from "../../bin/admin/api.ts";
import { notTried, proven, refuted } from "../../bin/prove/means.ts";
import { readStage } from "../../lib/config.ts";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { stages } from "../../stages.ts";
import { command } from "../support/process/command.ts";
import { runHere } from "../support/process/in-process.ts";
import { describeStacks, startFakeAws, type FakeAws } from "../support/aws/fake-aws.ts";
import { SECRET, useFakeService } from "../support/process/fake-service.ts";
import { addAccount, getJson } from "../support/process/host.ts";

const fake = useFakeService();
let host: LocalHost;
beforeAll(async () => {
  host = await startLocalHost({ port: 0 });
});
afterAll(async () => host.stop());

const meansOf = (target: Partial<Target> & Pick<Target, "url">): Means => ({
  target: { apps: [], ...target },
  patienceMs: 1_000,
});
const of = (outcomes: readonly Outcome[], id: string) => {
  const found = outcomes.find((outcome) => outcome.id === id);
  if (found === undefined) throw new Error(`no outcome ${id}`);
  return found;
};
const ids = (outcomes: readonly Outcome[], verdict: Outcome["verdict"]) =>
  outcomes.filter((outcome) => outcome.verdict === verdict).map(({ id }) => id);

describe("docs/unproven.md", () => {
  const rows = unprovenRows();
  const open = rows.filter(({ settled }) => !settled);
  const FALLBACKS = ["calls", "certificateArn", "deflate", "rights", "sourceAccount", "voipBundle"];

  it("has unique rows, including one for every proof", () => {
    const names = rows.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(40);
    expect(Object.keys(proofs).filter((id) => !names.includes(id))).toEqual([]);
  });

  it.each(rows)("says how to prove $id", ({ id, assumption, settled, facts }) => {
    expect(assumption).not.toBe("");
    expect(facts[settled ? "Source" : "If wrong"]).toMatch(/\S/u);
    if (!settled) expect(facts["Evidence"]).toMatch(/\S/u);
    if (id in proofs) expect(facts["Prove"]).toMatch(/^`npm run prove -- STAGE( --slow)?`/u);
    else expect(facts["Prove"]).toMatch(/` ?(aws|npm run (pbx|deploy)|npx) [^`]+`/u);
  });

  it("names a fallback for each of the first ten rows, and every existing fallback", () => {
    for (const { id, facts } of open.slice(0, 10))
      expect(facts["Fallback"], id).toMatch(/`(fallbacks\.\w+|keepAlive|hostName|limits\.\w+)/u);
    const text = open
      .slice(0, 10)
      .map(({ facts }) => facts["Fallback"])
      .join(" ");
    const named = [...text.matchAll(/fallbacks\.(\w+)/gu)].map(([, name = ""]) => name);
    expect([...new Set(named)].sort()).toEqual(FALLBACKS);
    expect(Object.keys(readStage("local", stages).fallbacks).sort()).toEqual(
      FALLBACKS.filter((name) => name !== "certificateArn"),
    );
  });

  it("has lines of at most 120 characters, and only headings that the parser reads", () => {
    const lines = readFileSync(UNPROVEN, "utf8").split("\n");
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
    // The parser understands each entry's heading.
    const headings = lines.filter((line) => line.startsWith("### "));
    expect(headings).toHaveLength(rows.length);
    expect(open.map(({ id }, i) => `### ${i + 1}. \`${id}\``)).toEqual(headings.slice(0, open.length));
  });

  it("is parsed with its wrapped lines and fenced commands", () => {
    const text =
      "## Open\n\n### 1. `a`\nIs\nthis.\n- If wrong: it\n  breaks.\n- Prove: do\n  ```\n  aws x\n  ```\n\n## Settled, by what\n### `b`\nIs.\n- Source: s";
    expect(rowsOf(text)).toEqual([
      {
        id: "a",
        assumption: "Is this.",
        settled: false,
        facts: { "If wrong": "it breaks.", Prove: "do ``` aws x ```" },
      },
      { id: "b", assumption: "Is.", settled: true, facts: { Source: "s" } },
    ]);
  });
});

describe("proofs against the local host", () => {
  const apps = [
    { id: "ios-call", platform: "APNS_VOIP" },
    { id: "ios", platform: "APNS" },
    { id: "android", platform: "GCM" },
  ];
  const rows = unprovenRows().map(({ id }) => id);

  it("prove what this host does as we assume AWS does", async () => {
    const connections = { endpoint: `${host.url}/push`, region: "eu-central-1" };
    const target = { url: host.wsUrl, apps, apiUrl: host.wsUrl, edgeUrl: host.wsUrl, adminUrl: host.url, connections };
    for (const { id } of apps) host.sns.phones.setCredentials(id, false); // so that no token belongs to a phone, as with Apple and Google
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test"); // for @connections
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    const { outcomes, story, problems } = await prove({ target });
    vi.unstubAllEnvs();
    for (const { id } of apps) host.sns.phones.setCredentials(id, true);

    expect(problems).toEqual([]);
    expect(outcomes.filter(({ verdict }) => verdict === "refuted")).toEqual([]);
    expect(story.filter(({ verdict }) => verdict === "proven").map(({ step }) => step)).toEqual([
      "the operator adds a domain",
      "log in",
      "a post for an app that nobody has is refused",
      "the operator sees the PBX connected",
      "the operator deletes the domain added by hand, which can log in no more",
    ]);
    expect(story.find(({ step }) => step === "get the email")).toEqual({
      step: "get the email",
      ...notTried("no mailbox can be read here"),
    });
    expect(exitCode(story)).toBe(0);
    const elsewhere = ["certificate", "ping-idle", "keepalive-idle", ...Object.keys(readings), ...Object.keys(bounces)];
    const here = outcomes.filter(({ id }) => id in proofs && !elsewhere.includes(id));
    expect(here.filter(({ verdict }) => verdict !== "proven")).toEqual([]);
    expect(of(outcomes, "sns-publisher").why).toMatch(/^SNS reported the made-up token of ios-call/u);
    expect(of(outcomes, "endpoint-quota").why).toBe("needs the stage's account: leave --url out");
    expect(of(outcomes, "certificate").why).toBe("no TLS at this address");
    expect(of(outcomes, "ses-rights").why).toBe("no address bounces on this machine");
    expect(of(outcomes, "voip-topic")).toMatchObject({
      verdict: "not tried",
      why: expect.stringContaining("by hand") as string,
    });
    expect(exitCode(outcomes)).toBe(0);
    expect(outcomes.map(({ id }) => id).sort()).toEqual([...rows].sort());
    expect(
      outcomes
        .slice(0, 4)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["disabled-publish", "leading-keys", "ses-rights", "sns-rights"]);
    // The account existed only for the proofs.
    const { domains } = await getJson<{ domains: readonly { account: string }[] }>(`${host.url}/_local/admin/domains`);
    expect(domains.filter(({ account }) => account.startsWith("prove-"))).toEqual([]);
  });
});

/** A connection that is cut after `idleMs` without a data frame; waiting moves its clock. */
function idleConnection(idleMs: number, pingsCount: boolean) {
  let [now, active] = [0, 0];
  const touch = () => {
    active = now;
  };
  const closed = (ms: number): Promise<number | undefined> => {
    now += ms;
    return Promise.resolve(now - active >= idleMs ? 1001 : undefined);
  };
  return { send: touch, ping: () => (pingsCount ? touch() : undefined), closed };
}

describe("proofs that take 11 minutes", () => {
  it("find out whether pings keep a connection open", async () => {
    const [deaf, kind] = [idleConnection(600_000, false), idleConnection(600_000, true)];
    expect(await stayOpen(deaf, 600_000, deaf.ping)).toBe(1001);
    expect(await stayOpen(kind, 600_000, kind.ping)).toBeUndefined();
  });

  it("find out whether KeepAlives keep a connection open", async () => {
    const [kept, cut] = [idleConnection(600_000, false), idleConnection(50_000, false)];
    expect(await stayOpen(kept, 600_000, kept.send)).toBeUndefined();
    expect(await stayOpen(cut, 600_000, cut.send)).toBe(1001);
  });

  it("are not tried without --slow", async () => {
    const means = meansOf({ url: host.wsUrl });
    for (const id of ["ping-idle", "keepalive-idle"])
      expect(await proofs[id]?.(means)).toEqual(notTried("takes 11 minutes: --slow"));
  });
});

describe("proofs of pushes", () => {
  const login = { account: "prove.example.com", secret: "s" };
  const apps = [{ id: "ios", platform: "APNS" }];
  /** The operator's API, which gives every call the same answer. */
  const operator = (answer: unknown): Api => ({ call: () => Promise.resolve(answer as never) });
  let server: WebSocketServer | undefined;
  afterEach(() => {
    for (const client of server?.clients ?? []) client.terminate();
    server?.close();
  });

  /** A push service that accepts every login and answers each post the same way. */
  async function service(post: object): Promise<string> {
    const answers: Readonly<Record<string, object>> = {
      AppChallenge: { mt: "AppChallengeResult", challenge: "0123456789abcdef" },
      AppLogin: { mt: "AppLoginResult", ok: true },
      PushNotifyPost: { mt: "PushNotifyPostResult", ...post },
    };
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) =>
      socket.on("message", (data) => {
        socket.send(JSON.stringify(answers[(JSON.parse((data as Buffer).toString("utf8")) as { mt: string }).mt]));
      }),
    );
    await once(server, "listening");
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/push/ws`;
  }

  it.each([
    ["accepts them", {}, { ms: 1 }, "proven", /ios: accepted/u],
    [
      "denies the push function",
      { err: "ApnError", info: "SNS: AuthorizationError" },
      { ms: 1 },
      "refuted",
      /ios: ApnError, SNS: AuthorizationError/u,
    ],
    [
      "denies the admin function",
      {},
      { error: { err: "ApnError", info: "SNS: AuthorizationError" } },
      "refuted",
      /AuthorizationError/u,
    ],
    [
      "has switched the app off",
      { err: "ApnServiceDown", info: "off" },
      { ms: 1 },
      "not tried",
      /ApnServiceDown, off/u,
    ],
  ])("find out whether SNS %s", async (_, post, tested, verdict, why) => {
    const means = { ...meansOf({ url: await service(post), apps }), login, operator: operator(tested) };
    expect(await proofs["sns-rights"]?.(means)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
  });

  it("find out whether SNS's reports arrive", async () => {
    const means = { ...meansOf({ url: "wss://push.example.com/push/ws", apps }), login };
    const verdict = async (tested: object) =>
      (await proofs["sns-publisher"]?.({ ...means, operator: operator(tested) }))?.verdict;
    expect(await verdict({ later: "gone" })).toBe("proven");
    expect(await verdict({ later: "none" })).toBe("refuted");
    expect(await verdict({ error: { err: "ApnServiceDown" } })).toBe("not tried");
  });

  it("are not tried without apps", async () => {
    expect(await proofs["sns-rights"]?.(meansOf({ url: "ws://127.0.0.1:9/push/ws" }))).toEqual(
      notTried("the stage has no apps"),
    );
  });
});

describe("proofs by an email that bounces", () => {
  const asked: string[] = [];
  /** The operator's API: it lists the address once the email has left, in two pages. */
  const operator: Api = {
    call: (method, _path, { query = {} } = {}) => {
      asked.push([method, query["address"] ?? ""].join(" ").trim());
      if (method === "DELETE") return Promise.resolve(undefined as never);
      const sent = host.mailbox
        .list()
        .map(({ to }) => to)
        .filter((to) => to.endsWith("@simulator.amazonses.com"));
      if (query["after"] === undefined)
        return Promise.resolve({ suppressions: [{ address: "a@example.com" }], next: "a" } as never);
      return Promise.resolve({ suppressions: sent.map((address) => ({ address })) } as never);
    },
  };

  it("are proven once the address gets no email, and then lift that block", async () => {
    const verdict = await bounceOf({ ...meansOf({ url: host.url }), operator, patienceMs: 60_000 }, 50);
    expect(verdict).toMatchObject({
      verdict: "proven",
      why: expect.stringMatching(/bounce\+prove-[0-9a-f]{12}@simulator/u) as string,
    });
    expect(asked.at(-1)).toMatch(/^DELETE bounce\+prove-/u);
  });

  it("are refuted if the address is never blocked", async () => {
    const never: Api = { call: () => Promise.resolve({ suppressions: [] } as never) };
    expect(await bounceOf({ ...meansOf({ url: host.url }), operator: never, patienceMs: 3 }, 1)).toMatchObject({
      verdict: "refuted",
    });
  });
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
    return proofs[id]?.(meansOf({ url: "wss://x/push/ws", stage }));
  };
  const resources = (status: string) =>
    `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>TokenKey</LogicalResourceId><ResourceType>Custom::TokenKey</ResourceType><ResourceStatus>${status}</ResourceStatus></member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;

  it.each([
    ["CREATE_COMPLETE", proven("Custom::TokenKey: CREATE_COMPLETE")],
    ["CREATE_FAILED", refuted("CREATE_FAILED")],
  ])("read the outcome of the custom resource: %s", async (status, verdict) => {
    const seen = await read("alias-service-token", ({ body }) =>
      new URLSearchParams(body).get("StackName") === "push-prod-service" ? { body: resources(status) } : undefined,
    );
    expect(seen).toEqual(verdict);
  });

  it.each([
    ["Messages Published per Second", proven("none of 1 quotas of SNS is of endpoints")],
    ["CreatePlatformEndpoint calls per second", refuted("CreatePlatformEndpoint calls per second")],
  ])("find out whether there is a quota for endpoints: %s", async (QuotaName, verdict) => {
    const body = JSON.stringify({ Quotas: [{ ServiceCode: "sns", QuotaName, Value: 1 }] });
    expect(await read("endpoint-quota", () => ({ body }))).toEqual(verdict);
  });

  it.each([
    ["OK", proven("the canary's runs succeed")],
    ["ALARM", notTried("push-prod-canary says ALARM: the canary's log names the step that fails")],
  ])("trust the canary's alarm: %s", async (StateValue, verdict) => {
    const seen = await read("leading-keys", ({ body }) =>
      body.includes("push-prod-canary") ? { body: JSON.stringify({ MetricAlarms: [{ StateValue }] }) } : undefined,
    );
    expect(seen).toEqual(verdict);
  });

  describe("of delivery logs", () => {
    const name = (suffix: string) => `sns/eu-central-1/123456789012/app/APNS/push-prod-ios${suffix}`;
    /** A time after any push of this test, in Unix ms. */
    const AFTERWARDS = 8e15;
    const ours = { retentionInDays: 3, kmsKeyId: "key" };
    const login = { account: "prove.example.com", secret: "s" };
    const apps = [{ id: "ios", platform: "APNS" }];
    const groups = (...extra: object[]) => ({
      logGroups: [{ logGroupName: name(""), ...ours }, { logGroupName: name("/Failure"), ...ours }, ...extra],
    });
    const readLogs = async (found: object, lastIngestionTime: number, pushed = proven("")) => {
      aws = await startFakeAws(({ operation }) => ({
        body: JSON.stringify(
          operation.endsWith("DescribeLogGroups") ? found : { logStreams: [{ creationTime: 1, lastIngestionTime }] },
        ),
      }));
      for (const key of keys) process.env[key] = key === "AWS_ENDPOINT_URL" ? aws.url : "test";
      const means = { ...meansOf({ url: "wss://x/push/ws", stage, apps }), login, patienceMs: 1 };
      return deliveryLogsAfter(means, pushed);
    };

    it.each([
      ["are in our groups", groups(), AFTERWARDS, proven(`SNS wrote to ${name("/Failure")}`)],
      [
        "are in a group that SNS created",
        groups({ logGroupName: name("/Other") }),
        AFTERWARDS,
        refuted(`${name("/Other")} has no retention or no key: SNS made it`),
      ],
      ["are missing", groups(), 1, refuted("no failed delivery was logged under sns/eu-central-1/ within 0.001 s")],
      [
        "belong to another stage",
        { logGroups: [{ logGroupName: name("").replace("push-prod-", "push-test-") }] },
        1,
        refuted("no failed delivery was logged under sns/eu-central-1/ within 0.001 s"),
      ],
    ])("find out whether they %s", async (_, found, ingested, verdict) => {
      expect(await readLogs(found, ingested)).toEqual(verdict);
    });

    it("are not tried if nothing was pushed", async () => {
      expect(await readLogs(groups(), Date.now(), notTried("off"))).toEqual(notTried("nothing to log: off"));
    });
  });

  it("do not conclude anything from a missing right", async () => {
    await expect(read("endpoint-quota", () => undefined)).rejects.toThrow("not allowed");
  });
});

describe("proofs against a service that behaves differently", () => {
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

  it("report a failed step of the story as refuted, and a refused login as not tried", async () => {
    const { url } = await fake();
    const told = (secret: string) => storyOf({ ...meansOf({ url }), login: { account: "pbx.example.com", secret } });
    expect((await told(SECRET)).at(-1)).toMatchObject({
      step: "a post for an app that nobody has is refused",
      verdict: "refuted",
    });
    expect((await told("wrong")).at(-1)).toMatchObject({ step: "log in", verdict: "not tried" });
  });

  it("are refuted by frames of API Gateway's own", async () => {
    const url = await answering('{"message":"Internal server error"}');
    const all = meansOf({ url, apiUrl: url });
    for (const id of ["two-way-reply", "keepalive-mock", "default-route", "execute-api-path"])
      expect(await proofs[id]?.(all), id).toMatchObject({
        verdict: "refuted",
        why: expect.stringContaining("Internal server error") as string,
      });
  });

  it("are refuted by binary frames", async () => {
    const url = await answering(Buffer.from('{"mt":"KeepAliveResult"}'));
    expect(await proofs["keepalive-mock"]?.(meansOf({ url }))).toMatchObject({
      verdict: "refuted",
      why: expect.stringMatching(/binary/u) as string,
    });
  });

  it("are refuted if an address that should work does not", async () => {
    const verdict = await proofs["cloudfront-path"]?.(meansOf({ url: host.wsUrl, edgeUrl: `${host.url}/wrong` }));
    expect(verdict).toMatchObject({ verdict: "refuted", why: expect.stringContaining("cannot connect") as string });
  });

  it("are refuted if only one of the paths that PBXes open works", async () => {
    const url = await answering('{"mt":"AppChallengeResult"}', "/push/ws");
    const verdict = await proofs["path"]?.(meansOf({ url, edgeUrl: url }));
    expect(verdict).toMatchObject({ verdict: "refuted", why: expect.stringContaining("/push/ws/: ") as string });
  });

  it("are not tried if nothing can be reached, and exit with 3", async () => {
    const { outcomes } = await prove({ target: { url: "ws://127.0.0.1:9/push/ws", apps: [] } });
    expect(ids(outcomes, "proven")).toEqual([]);
    expect(exitCode(outcomes)).toBe(3);
    expect(of(outcomes, "two-way-reply").why).toContain("cannot connect to ws://127.0.0.1:9/push/ws");
    expect(of(outcomes, "one-way-silent").why).toContain("needs a login");
    expect(of(outcomes, "ping-idle").why).toContain("--slow");
  });

  it.skipIf(spawnSync("openssl", ["version"]).error !== undefined)(
    "are refuted by an untrusted certificate (needs openssl)",
    async () => {
      const directory = mkdtempSync(join(tmpdir(), "push-certificate-"));
      const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(directory, name)) as [string, string];
      const request = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/O=Amazon/CN=localhost",
        "-keyout",
        key,
        "-out",
        cert,
      ];
      spawnSync("openssl", request);
      const tls = createServer({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, "127.0.0.1");
      await once(tls, "listening");
      const url = `wss://localhost:${(tls.address() as AddressInfo).port}/push/ws`;
      expect(await proofs["certificate"]?.(meansOf({ url }))).toEqual(
        refuted("the certificate is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT"),
      );
      tls.close();
      rmSync(directory, { recursive: true });
    },
  );

  it("report why no login was possible", async () => {
    const { outcomes, problems } = await prove({
      target: { url: host.wsUrl, apps: [], adminUrl: "http://127.0.0.1:9" },
    });
    expect(problems).toEqual([
      expect.stringMatching(/^no account could be set up for the proofs: cannot ask http:\/\/127\.0\.0\.1:9/u),
    ]);
    expect(of(outcomes, "one-way-silent")).toMatchObject({
      verdict: "not tried",
      why: expect.stringContaining("cannot ask http://127.0.0.1:9") as string,
    });
    expect(of(outcomes, "keepalive-mock").verdict).toBe("proven");
  });

  it("exit with 1 if one is refuted", () => {
    expect(exitCode([proven(""), refuted(""), notTried("")])).toBe(1);
  });
});

describe("npm run prove", () => {
  let aws: FakeAws | undefined;
  afterEach(async () => aws?.stop());

  it("accepts a URL, an account and a secret", async () => {
    const secret = await addAccount(host, "prove-cli.example.com");
    const given = ["local", "--url", host.url, "--account", "prove-cli.example.com", "--json"];
    const { code, out, err } = await command("bin/prove.ts", given, { PBX_SECRET: secret });
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).not.toContain(secret);
    const { outcomes } = JSON.parse(out) as { outcomes: readonly Outcome[] };
    expect(ids(outcomes, "refuted")).toEqual([]);
    expect(out).toContain('"step": "log in"');
    expect(of(outcomes, "one-way-silent").verdict).toBe("proven");
  });

  it("reads the addresses from the stack's outputs", async () => {
    const outputs = {
      PushUrl: `${host.url}/push/ws`,
      SocketUrl: `${host.url}/push`,
      AdminUrl: host.url,
      ConnectPage: `${host.url}/push/connect`,
    };
    aws = await startFakeAws(({ body }) => describeStacks({ "push-minimal-service": outputs }, body));
    const { code, out } = await command("bin/prove.ts", ["minimal"], { AWS_ENDPOINT_URL: aws.url });
    expect(code).toBe(0);
    expect(out).toMatch(/execute-api-path +proven/u);
    expect(out).toMatch(/cloudfront-path +not tried +no host name/u);
    expect(out).toMatch(/clock-agreement +proven/u);
    expect(out).toMatch(/endpoint-quota +not tried/u);
    expect(aws.asked.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["DescribeStacks", "ListStackResources"]),
    );

    const missing = await command("bin/prove.ts", ["prod"], { AWS_ENDPOINT_URL: aws.url });
    expect(missing).toMatchObject({
      code: 3,
      err: "there is no stack push-prod-service in eu-central-1 with these credentials: deploy the stage first\n",
    });
  });

  it.each([
    [[], /missing required argument/u],
    [["nowhere"], /not in stages\.ts/u],
    [["local", "--url", "ftp://x"], /no address of a push service/u],
    [
      ["local", "--url", "http://127.0.0.1:9", "--account", "a.example.com"],
      /Password of a\.example\.com: pass --secret/u,
    ],
  ])("rejects %j with exit code 2", async (args, complaint) => {
    const { code, err } = await runHere(proveProgram(), args);
    expect(err).toMatch(complaint);
    expect(code).toBe(2);
  });
});
