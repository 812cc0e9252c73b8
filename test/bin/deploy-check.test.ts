import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { places, type Account, type Sender } from "../../bin/deploy/account.ts";
import { compare, exitCode, type Told } from "../../bin/deploy/compare.ts";
import { needsOf } from "../../bin/deploy/needs.ts";
import { deployProgram, splitArguments } from "../../bin/deploy/program.ts";
import type { Row } from "../../bin/deploy/row.ts";
import { readStage, type StageInput } from "../../lib/config.ts";
import { command } from "../support/process/command.ts";
import { runHere } from "../support/process/in-process.ts";
import { describeStacks, startFakeAws, type Answer, type FakeAws } from "../support/aws/fake-aws.ts";

const minimal: StageInput = { mail: { identity: "example.com", from: "push@example.com" } };
const stage = (more: Partial<StageInput> = {}) => readStage("x", { x: { ...minimal, ...more } });
const load = (pbxes: number) => ({ pbxes, pushesPerPbxAndDay: 500 });

/** Quotas of a new account outside SES's sandbox in Frankfurt, as far as AWS publishes them. */
const account: Account = {
  quotas: {
    connects: { value: 500 },
    requests: { value: 10_000 },
    concurrency: { value: 1_000 },
    publishes: { value: 1_500 },
    endpointCalls: { unknown: "no API of AWS returns it" },
    tableReads: { value: 40_000 },
    tableWrites: { value: 40_000 },
    mailsPerDay: { value: 50_000 },
  },
  mailAccess: { value: "production" },
  sender: { value: { inSes: "verified", inStack: "stays" } },
};

const rows = (pbxes: number, more: { told?: Told; account?: Account; stage?: Partial<StageInput> } = {}) =>
  compare({ stage: stage(more.stage), load: load(pbxes), told: more.told ?? {}, account: more.account ?? account });
const row = (all: readonly Row[], what: string) => {
  const found = all.find((one) => one.what.includes(what));
  if (found === undefined) throw new Error(`no row ${what}`);
  return found;
};
const below = (all: readonly Row[]) => all.filter(({ verdict }) => verdict === "below").map(({ what }) => what);

describe("what a load needs", () => {
  it.each([
    // by hand: connects = pbxes × 6 / 300; posts = pbxes × 500 / 86,400 × 5.68; requests = pbxes / 60 + 6 × connects + posts
    [
      1_000,
      {
        connects: 20,
        requests: 170,
        publishes: 33,
        endpointCalls: 2,
        concurrency: 20,
        tableReads: 106,
        tableWrites: 100,
      },
    ],
    [
      10_000,
      {
        connects: 200,
        requests: 1_696,
        publishes: 329,
        endpointCalls: 14,
        concurrency: 199,
        tableReads: 1_058,
        tableWrites: 1_000,
      },
    ],
    [
      100_000,
      {
        connects: 2_000,
        requests: 16_954,
        publishes: 3_288,
        endpointCalls: 132,
        concurrency: 1_987,
        tableReads: 10_575,
        tableWrites: 10_000,
      },
    ],
  ])("of %i PBXes", (pbxes, needs) => {
    expect(needsOf(stage(), load(pbxes))).toMatchObject(needs);
  });

  it("matches docs/operate/deploying.md", () => {
    const [labels, shown] = [
      Object.values(places).map(({ code }) => code),
      readFileSync("docs/operate/deploying.md", "utf8"),
    ];
    const rows = shown.split("\n").flatMap((line) => {
      const cells = line.split("|").map((cell) => cell.replaceAll("**", "").trim());
      return /^(API Gateway|Lambda|SNS|DynamoDB|SES), /u.test(cells[1] ?? "") ? [cells] : [];
    });
    const needs = [1_000, 10_000, 100_000].map((pbxes) => Object.values(needsOf(stage(), load(pbxes))));
    expect(rows.map((cells) => cells.slice(3, 6))).toEqual(
      labels.map((_, i) => needs.map((all) => all[i]?.toLocaleString("en-US"))),
    );
    for (const [i, cells] of rows.entries()) expect(cells[6]).toContain(labels[i] ?? "support case");
  });

  it("includes reservations and the 100 that must stay unreserved", () => {
    const reserved = stage({
      functions: { session: { reserved: 300 }, push: { reserved: 700 } },
      quotas: { concurrency: 1_100 },
    });
    expect(needsOf(reserved, load(1_000)).concurrency).toBe(1_100);
  });
});

describe("comparison", () => {
  it("finds nothing too small for 1,000 PBXes, but does not pass a quota it cannot read", () => {
    const all = rows(1_000);
    expect(below(all)).toEqual([]);
    expect(row(all, "endpoint calls")).toMatchObject({ have: "unknown", verdict: "unknown" });
    expect(exitCode(all)).toBe(3);
  });

  it("uses the quota in stages.ts only where AWS reports none", () => {
    const all = rows(1_000, { told: { endpointCalls: 150, connects: 1 } });
    expect(row(all, "endpoint calls")).toMatchObject({ have: "150 (stages.ts)", verdict: "ok" });
    expect(row(all, "WebSocket")).toMatchObject({ have: "500", verdict: "ok" });
    expect(exitCode(all)).toBe(0);
    expect(exitCode(rows(100_000, { told: { endpointCalls: 50 } }))).toBe(1);
  });

  it("lists what is too small for 100,000 PBXes and how to raise it", () => {
    const all = rows(100_000);
    expect(below(all)).toEqual([
      "API Gateway: new WebSocket connections/s",
      "API Gateway: requests and frames/s",
      "Lambda: concurrent executions",
      "SNS: Publish/s",
      "stages.ts: throttles.connect.rate",
      "stages.ts: throttles.login.rate",
      "stages.ts: throttles.post.rate",
      "stages.ts: tables.maxReadUnits",
      "stages.ts: tables.maxWriteUnits",
    ]);
    expect(row(all, "WebSocket").todo).toBe(
      "aws service-quotas request-service-quota-increase --service-code apigateway --quota-code L-9ED1E49A --desired-value 2000 --region eu-central-1",
    );
    expect(row(all, "throttles.post.rate").todo).toBe("write throttles.post.rate: 3288 into stages.ts");
    expect(exitCode(all)).toBe(1);
  });

  it("accepts a quota that is exactly enough", () => {
    const exact = { ...account, quotas: { ...account.quotas, connects: { value: 20 } } };
    const short = { ...account, quotas: { ...account.quotas, connects: { value: 19 } } };
    expect(row(rows(1_000, { account: exact }), "WebSocket").verdict).toBe("ok");
    expect(row(rows(1_000, { account: short }), "WebSocket").verdict).toBe("below");
  });

  it("says to update stages.ts after a raised quota", () => {
    const raised = { ...account, quotas: { ...account.quotas, concurrency: { value: 5_000 } } };
    expect(row(rows(1_000, { account: raised }), "Lambda")).toMatchObject({
      verdict: "ok",
      todo: "write quotas.concurrency: 5000 into stages.ts, for dashboard and alarms",
    });
  });

  it.each(["sandbox", "paused"] as const)("reports an SES account in state %s as too small", (value) => {
    expect(row(rows(1, { account: { ...account, mailAccess: { value } } }), "who may be sent").verdict).toBe("below");
  });

  it("reports a reservation that is too small as the stage's own", () => {
    expect(below(rows(10_000, { stage: { functions: { push: { reserved: 20 } } } }))).toEqual([
      "stages.ts: functions.push.reserved",
    ]);
  });
});

describe("the sender's identity", () => {
  const owned = { identity: "example.com", from: "push@example.com" };
  const taken = { ...owned, existing: true };
  const sender = (mail: StageInput["mail"], inSes: Sender["inSes"], inStack: Sender["inStack"]) =>
    row(
      rows(1_000, { stage: { mail }, account: { ...account, sender: { value: { inSes, inStack } } } }),
      "SES: identity",
    );

  it.each([
    [owned, "missing", "no", "none yet"],
    [owned, "verified", "stays", "verified"],
    // A stage from before mail.existing.
    [owned, "verified", "goes", "verified"],
    [taken, "verified", "no", "verified"],
    [taken, "verified", "stays", "verified"],
  ] as const)("passes: %o that is %s in SES, in the stack: %s", (mail, inSes, inStack, have) => {
    expect(sender(mail, inSes, inStack)).toEqual({
      what: "SES: identity example.com",
      need: expect.any(String) as string,
      have,
      verdict: "ok",
      todo: "",
    });
  });

  it.each([
    [
      owned,
      "verified",
      "no",
      "exists already",
      /would fail: set mail\.existing: true .*; .*npm run deploy -- x -- --import-existing-resources$/u,
    ],
    [owned, "unverified", "no", "exists already", /set mail\.existing: true/u],
    [
      owned,
      "missing",
      "stays",
      "deleted outside",
      /SES has lost it: aws sesv2 create-email-identity --region eu-central-1 --email-identity example\.com$/u,
    ],
    [owned, "unverified", "stays", "unverified", /^enter its DKIM records/u],
    [
      taken,
      "missing",
      "no",
      "none",
      /aws sesv2 create-email-identity --region eu-central-1 --email-identity example\.com and verify it, or leave mail\.existing out$/u,
    ],
    [taken, "unverified", "no", "unverified", /^enter its DKIM records: aws sesv2 get-email-identity/u],
    [
      taken,
      "verified",
      "goes",
      "would be deleted",
      /^push-x-mail would delete it: deploy once without mail\.existing/u,
    ],
  ] as const)("fails: %o that is %s in SES, in the stack: %s", (mail, inSes, inStack, have, todo) => {
    expect(sender(mail, inSes, inStack)).toMatchObject({
      have,
      verdict: "below",
      todo: expect.stringMatching(todo) as string,
    });
  });

  it("says to follow the link that AWS sent to an address", () => {
    const address = { identity: "push@example.com", from: "push@example.com" };
    expect(sender(address, "unverified", "stays").todo).toMatch(/^follow the link in the email that AWS sent to it/u);
  });
});

describe("npm run deploy -- STAGE --check", () => {
  let aws: FakeAws | undefined;
  afterEach(async () => aws?.stop());

  const quotas: Readonly<Record<string, number>> = {
    "L-9ED1E49A": 500,
    "L-8A5B8E43": 10_000,
    "L-F8E2BA85": 1_500,
    "L-CF0CBE56": 40_000,
  };
  const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });
  const quotaOf = (body: string) => (JSON.parse(body) as { QuotaCode: string }).QuotaCode;

  const stackResources = (status: string) =>
    `<DescribeStackResourcesResponse><DescribeStackResourcesResult><StackResources><member><StackName>push-prod-mail</StackName><LogicalResourceId>Identity2D60E2CC</LogicalResourceId><PhysicalResourceId>example.com</PhysicalResourceId><ResourceType>AWS::SES::EmailIdentity</ResourceType><Timestamp>2026-01-01T00:00:00Z</Timestamp><ResourceStatus>${status}</ResourceStatus></member></StackResources></DescribeStackResourcesResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></DescribeStackResourcesResponse>`;
  const template = JSON.stringify({
    Resources: { Identity2D60E2CC: { Type: "AWS::SES::EmailIdentity", DeletionPolicy: "RetainExceptOnCreate" } },
  });
  const getTemplate: Answer = {
    body: `<GetTemplateResponse><GetTemplateResult><TemplateBody>${template.replace(/"/gu, "&quot;")}</TemplateBody></GetTemplateResult><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetTemplateResponse>`,
  };
  const noStack = describeStacks({}, "StackName=push-prod-mail");

  /** An account in the sandbox of SES, whose Service Quotas know one quota by its default and hide another. */
  async function check(...args: readonly string[]) {
    return checkWith({}, ...args);
  }

  /** The same, with the answers of SES and CloudFormation about the identity; by default it does not exist. */
  async function checkWith(told: Readonly<Record<string, Answer>>, ...args: readonly string[]) {
    aws = await startFakeAws(({ operation, body }) => {
      if (operation in told) return told[operation];
      if (operation === "GET /v2/email/identities/example.com")
        return { status: 404, body: JSON.stringify({ __type: "NotFoundException", message: "not there" }) };
      if (operation === "DescribeStackResources") return noStack;
      if (operation === "ServiceQuotas.GetServiceQuota") {
        const Value = quotas[quotaOf(body)];
        if (Value !== undefined) return json({ Quota: { Value } });
        return { status: 400, body: JSON.stringify({ __type: "NoSuchResourceException", message: "not applied" }) };
      }
      if (operation === "ServiceQuotas.GetAWSDefaultServiceQuota") return json({ Quota: { Value: 40_000 } });
      if (operation.includes("account-settings")) return json({ AccountLimit: { ConcurrentExecutions: 10 } });
      if (operation === "GET /v2/email/account" && !args.includes("--pushes"))
        return json({ ProductionAccessEnabled: false, SendingEnabled: true, SendQuota: { Max24HourSend: 200 } });
      return undefined;
    });
    return command("bin/deploy.ts", ["prod", "--check", ...args], { AWS_ENDPOINT_URL: aws.url });
  }

  it("reads the account, prints a table and exits with 1 if something is too small", async () => {
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toMatch(
      /Lambda: concurrent executions +10 +20 +below +aws service-quotas .* L-B99A9384 --desired-value 20/u,
    );
    expect(out).toMatch(/SES: emails in 24 h +200 +2,000 +below/u);
    expect(out).toMatch(/SES: who may be sent emails +sandbox +production +below +ask for production access/u);
    expect(out).toMatch(/DynamoDB: write units\/s of a table +40,000 +100 +ok/u);
    expect(out).toMatch(/SNS: endpoint calls\/s +unknown +2 +unknown/u);
    expect(aws?.asked.every(({ operation }) => !/Request|Put|Create/u.test(operation))).toBe(true);
  });

  const identities = "GET /v2/email/identities/example.com";
  it.each([
    ["it does not exist", {}, /SES: identity example\.com +none yet +the stage's own +ok/u],
    [
      "it was created outside the stage",
      { [identities]: json({ VerifiedForSendingStatus: true }) },
      /SES: identity example\.com +exists already +the stage's own +below +the deployment would fail/u,
    ],
    [
      "the stage's deployment failed because of it",
      {
        [identities]: json({ VerifiedForSendingStatus: true }),
        DescribeStackResources: { body: stackResources("CREATE_FAILED") },
      },
      /SES: identity example\.com +exists already/u,
    ],
    [
      "the stage created it",
      {
        [identities]: json({ VerifiedForSendingStatus: false }),
        DescribeStackResources: { body: stackResources("UPDATE_COMPLETE") },
        GetTemplate: getTemplate,
      },
      /SES: identity example\.com +unverified +the stage's own +below +enter its DKIM records/u,
    ],
    [
      "SES does not answer",
      { [identities]: undefined },
      /SES: identity example\.com +unknown +the stage's own +unknown +ses:GetEmailIdentity: AccessDenied/u,
    ],
    [
      "CloudFormation does not answer",
      { DescribeStackResources: undefined },
      /SES: identity example\.com +unknown +the stage's own +unknown +cloudformation of push-prod-mail/u,
    ],
  ])("finds out whether the identity can be created: %s", async (_, told, line) => {
    expect((await checkWith(told)).out).toMatch(line);
  });

  it("accepts another load, and reports what AWS refused to show", async () => {
    const { code, out } = await check("--json", "--pbxes", "10000", "--pushes", "100");
    expect(code).toBe(1);
    const answer = JSON.parse(out) as { load: object; rows: readonly Row[] };
    expect(answer.load).toEqual({ pbxes: 10_000, pushesPerPbxAndDay: 100 });
    expect(row(answer.rows, "who may be sent")).toMatchObject({
      verdict: "unknown",
      todo: expect.stringContaining("AccessDenied") as string,
    });
  });

  it.each([[["--pbxes", "many"]], [["--pbxes", "0"]], [["--wrong"]], [["--", "--verbose"]]])(
    "rejects %j with exit code 2",
    async (args) => {
      const [own, cdk] = splitArguments(["prod", "--check", ...args]);
      const { code, err } = await runHere(deployProgram(cdk), own);
      expect(code).toBe(2);
      expect(err).toMatch(/^error: .*\n\(--help tells more\)\n$/u);
    },
  );
});
