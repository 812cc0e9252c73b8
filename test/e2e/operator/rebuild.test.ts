import { DynamoDBClient, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPbx } from "../../../bin/pbx/protocol/client.ts";
import type { Pbx } from "../../../bin/pbx/protocol/session.ts";
import { rebuildProgram } from "../../../bin/rebuild/program.ts";
import { isObject, type Json, type Template } from "../../../local/cloudformation/template.ts";
import { alterAssembly } from "../../support/process/altered-assembly.ts";
import { command } from "../../support/process/command.ts";
import { runHere } from "../../support/process/in-process.ts";
import { describeStacks, startFakeAws, type FakeAws } from "../../support/aws/fake-aws.ts";
import { addAccount, iosToken, pushes, useHost } from "../../support/process/host.ts";
import { eventually } from "../../support/process/waiting.ts";

/** The phones were first seen in the old Region; the new one has other applications over the same table. */
const host = useHost(async () => ({ assembly: await alterAssembly(inBothRegions) }));
const tokens = { "ios-call": iosToken("rebuild"), ios: iosToken("rebuild too"), android: "fcm-rebuild_1:APA91b" };
const state = join(mkdtempSync(join(tmpdir(), "push-rebuild-")), "state.json");
let cloudFormation: FakeAws;
let dynamo: DynamoDBClient;
let pbx: Pbx;
let applications: Readonly<Record<string, string>> = {};

/** The rights of both Regions in one role, as each Region's role names its own applications. */
function inBothRegions(template: Template): Template {
  const both = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => [both(item), ...second(item)]);
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === "Fn::Join" ? item : both(item)]))
      : value;
  };
  const second = (value: Json): readonly Json[] => {
    const text = JSON.stringify(value);
    return isObject(value) && "Fn::Join" in value && /:(?:app|endpoint)\//u.test(text)
      ? [JSON.parse(text.replaceAll("push-local-", "push-second-")) as Json]
      : [];
  };
  const policies = Object.entries(template.Resources ?? {}).map(
    ([id, resource]) =>
      [
        id,
        resource.Type === "AWS::IAM::Policy"
          ? { ...resource, Properties: both(resource.Properties ?? {}) as Record<string, Json> }
          : resource,
      ] as const,
  );
  return { ...template, Resources: Object.fromEntries(policies) };
}

const output = (name: string) => String(host().outputs.get(name));

/** Applications as a deployment in another Region creates them. */
function moveTo(region: string): void {
  const platforms = { "ios-call": "APNS_VOIP", ios: "APNS", android: "GCM" } as const;
  const made = Object.entries(platforms).map(([id, platform]) => {
    const bundle = "com.example.phone";
    return [id, host().sns.addApplication({ name: `push-${region}-${id}`, platform, bundle })] as const;
  });
  applications = Object.fromEntries(made);
}

const rebuild = (...args: readonly string[]) =>
  command("bin/rebuild-endpoints.ts", ["local", "--state", state, "--rate", "500", ...args], {
    AWS_ENDPOINT_URL: host().awsUrl,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
  });

interface Device {
  readonly pk: string;
  readonly app: string;
  readonly endpointArn: string;
  readonly token: string;
}

async function devices(): Promise<readonly Device[]> {
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: output("push-local-data.CoreTable") }));
  return Items.map((item) => unmarshall(item) as Device & { sk: string }).filter(
    ({ sk, app }) => sk === "DEVICE" && app !== "canary",
  );
}

const endpoints = async () => Object.fromEntries((await devices()).map(({ app, endpointArn }) => [app, endpointArn]));
const at = (arn: string) => expect.stringContaining(`${arn.replace(":app/", ":endpoint/")}/`) as string;

beforeAll(async () => {
  dynamo = new DynamoDBClient({
    endpoint: host().awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  cloudFormation = await startFakeAws(({ body }) =>
    describeStacks(
      {
        "push-local-data": {
          CoreTable: output("push-local-data.CoreTable"),
          TokenKeyArn: output("push-local-data.TokenKeyArn"),
        },
        "push-local-service": { Applications: JSON.stringify(applications) },
      },
      body,
    ),
  );
  const account = "rebuild.example.com";
  pbx = await connectPbx({
    url: host().wsUrl,
    account,
    secret: await addAccount(host(), account),
    timeouts: { keepAlive: 0 },
  });
  for (const [app, device] of Object.entries(tokens))
    expect((await pbx.push({ token: `${app}:${device}` })).err).toBeUndefined();
  await eventually(async () => ((await devices()).length === 3 ? true : undefined));
});
afterAll(async () => {
  await pbx.close();
  await cloudFormation.stop();
  dynamo.destroy();
  rmSync(join(state, ".."), { recursive: true });
});

describe("npm run rebuild-endpoints", () => {
  it("counts first, then creates every phone's endpoint in the new applications, without showing a token", async () => {
    moveTo("second");
    const before = await endpoints();
    const counted = await rebuild("--dry-run");
    expect(counted).toMatchObject({ code: 0, out: expect.stringMatching(/^3 +would get a new endpoint/mu) as string });
    expect(await endpoints()).toEqual(before);

    const done = await rebuild();
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^3 +have a new endpoint/mu) as string });
    for (const app of Object.keys(tokens)) expect((await endpoints())[app]).toEqual(at(applications[app] ?? ""));
    for (const said of [counted, done])
      for (const token of Object.values(tokens)) expect(said.out + said.err).not.toContain(token);
  });

  it("finds nothing left to do when it is repeated", async () => {
    const { code, out } = await rebuild("--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ complete: true, counts: { current: 3, rebuilt: 0 } });
  });

  it("wakes the phones through the new endpoints", async () => {
    // An earlier execution environment would remember the old ones for a minute.
    await host()
      .functions.find(({ definition }) => /Push(?:Function|Live)[0-9A-F]{8}/u.test(definition.name))
      ?.stop();
    expect((await pbx.push({ token: `ios:${tokens.ios}`, type: "notification" })).err).toBeUndefined();
    await eventually(async () =>
      (await pushes(host())).find(({ app, token }) => token === tokens.ios && app.includes("push-second-ios")),
    );
  });

  it("can read the tokens it sealed again, and reports one that it cannot read", async () => {
    moveTo("third");
    const [broken] = await devices();
    if (broken === undefined) throw new Error("no device");
    await dynamo.send(
      new UpdateItemCommand({
        TableName: output("push-local-data.CoreTable"),
        Key: { pk: { S: broken.pk }, sk: { S: "DEVICE" } },
        UpdateExpression: "SET #token = :token",
        ExpressionAttributeNames: { "#token": "token" },
        ExpressionAttributeValues: { ":token": { S: "v1.AAAA.AAAA.AAAA.AAAA" } },
      }),
    );
    const { code, out } = await rebuild("--json", "--resume");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ complete: true, counts: { rebuilt: 2, unreadable: 1 } });
    expect(Object.entries(await endpoints()).filter(([app, arn]) => arn.includes(`push-third-${app}/`))).toHaveLength(
      2,
    );
  });

  it.each([
    [["--rate", "0"], /from 0\.1 to 1000/u],
    [["--key", "alias/token"], /must be the ARN of a KMS key/u],
    [["--wrong"], /unknown option/u],
  ])("rejects %j with exit code 2", async (args, complaint) => {
    const { code, err } = await runHere(rebuildProgram(), ["local", ...args]);
    expect(err).toMatch(complaint);
    expect(code).toBe(2);
  });
});
