import assert from "node:assert/strict";
import { join } from "node:path";
import type { SnsControl } from "../../local/sns/simulator.ts";
import { stages } from "../../stages.ts";
import { cdk, type Outputs } from "./checks/cdk.ts";
import { putCredentials } from "./checks/credentials.ts";
import { askBehindEdge, text } from "./checks/edge.ts";
import { account, region, type Emulator } from "./emulator/emulator.ts";
import { operator } from "./checks/operator.ts";
import { nextRelease } from "./checks/release.ts";
import { rightsAreEnforced } from "./checks/rights.ts";
import { onEarlierVersion } from "./checks/rollback.ts";
import { rotate } from "./checks/rotation.ts";
import { step } from "./steps.ts";
import { type Account, eventually, logIn, postToPhoneThatIsGone, register, wake } from "./story.ts";

export interface Surroundings {
  /** The project. */
  readonly root: string;
  /** Takes assemblies and logs. */
  readonly directory: string;
  readonly emulator: Emulator;
  readonly sns: SnsControl;
  /** Where the functions find SNS. */
  readonly snsUrl: string;
}

/** A stage that stands: where a PBX connects, and as what. */
export interface Deployed {
  readonly address: string;
  readonly known: Account;
}

/** The whole check, told step by step. Throws at the first thing that does not hold. */
export async function check(around: Surroundings): Promise<Deployed> {
  const { root, directory, emulator } = around;
  const endpoint = emulator.url;
  const tool = cdk({ endpoint, directory, project: root });
  await step("bootstrap both Regions", () => tool.bootstrap());
  await step("what no policy allows is refused", () => rightsAreEnforced(endpoint));
  await minimalStage(around, await step("deploy stage minimal", () => tool.deploy("minimal")));
  await step("cdk diff of stage minimal is clean", () => tool.diff("minimal"));

  await step("put the apps' credentials into Secrets Manager", () => putCredentials(endpoint, "prod"));
  const outputs = await step("deploy stage prod by npm run deploy", () => tool.deployByScript("prod"));
  const deployed = await fullStage(around, outputs);
  await step("no function wrote an error, nothing was denied, no message is in a dead-letter queue", () =>
    nothingWentWrong(emulator),
  );
  return deployed;
}

async function minimalStage({ emulator: { url: endpoint } }: Surroundings, outputs: Outputs): Promise<void> {
  const service = outputs["push-minimal-service"] ?? {};
  const known = await step("register a domain by e-mail at the Connect page's address", () =>
    register(endpoint, output(service, "ConnectPage"), "pbx.example.org"),
  );
  await step(
    "log in over the WebSocket API as a PBX that strips the URL, KeepAlive by MOCK, a post for an app nobody has",
    async () => {
      const pbx = await logIn(socketUrl(endpoint, output(service, "PushUrl")), known, true);
      const { err } = await pbx.push({ token: `nobody:${"0".repeat(64)}` });
      assert.equal(err, "UnknownApp");
      await pbx.close();
    },
  );
  await step("log in as a PBX that opens the URL as it stands: the stage alone", async () => {
    await (await logIn(socketUrl(endpoint, output(service, "SocketUrl")), known)).close();
  });
}

async function fullStage(
  { root, directory, emulator, sns, snsUrl }: Surroundings,
  outputs: Outputs,
): Promise<Deployed> {
  const endpoint = emulator.url;
  const service = outputs["push-prod-service"] ?? {};
  const admin = operator(root, output(service, "AdminUrl"));
  const asked = (address: string) => askBehindEdge(endpoint, stages["prod"]?.hostedZone?.id ?? "", address);
  const known = await step("add a domain by the operator's command line, signed", () => admin.add("pbx.example.net"));
  await step("fetch the Connect page through DNS, CloudFront and its function", async () => {
    assert.match(await text(await asked(output(service, "ConnectPage"))), /<form/u);
  });
  await step("a browser that asks for /push there, without a handshake, is sent to the Connect page", async () => {
    const answer = await asked(output(service, "PushUrl").replace(/\/ws$/u, ""));
    assert.equal(answer.status, 302);
    assert.equal(new URL(answer.headers.get("location") ?? "", "https://h").pathname, "/push/connect");
  });
  const address = socketUrl(endpoint, output(service, "SocketUrl"));
  const pbx = await step("log in", () => logIn(address, known));
  await step("wake phones: a call and notifications, read back as they got them", async () => {
    const call = await wake(pbx, sns.phones, "ios-call", "call");
    assert.equal(call.pushType, "voip");
    await wake(pbx, sns.phones, "ios", "notification");
    await wake(pbx, sns.phones, "android", "call");
  });
  await step("the operator's command line lists domains and shows this one's connection", async () => {
    assert.match(await admin.look("pbx.example.net"), /^1 connected$/mu);
  });
  await step("a phone without the app: SNS's event comes back by topic and queue, a later post is told", async () => {
    await postToPhoneThatIsGone(pbx, sns);
    await eventually(async () =>
      /"message":"delivery event".*"function":"events"/u.exec(await emulator.functionsLog()),
    );
  });

  await step("rotate Apple's credential: a rule hears of it, the runbook's commands bring it to SNS", () =>
    rotate({
      ...{ endpoint, snsUrl, stack: "push-prod-service", secret: "push/prod/apns" },
      applicationArn: `arn:aws:sns:${region}:${account}:app/APNS_VOIP/push-prod-ios-call`,
    }),
  );

  const release = join(directory, "release");
  await step("deploy a next release over it", async () => {
    await nextRelease(root, release, "prod");
    await cdk({ endpoint, directory, project: release }).deploy("prod");
  });
  await step("the socket from before still works, the secret is still known", async () => {
    await wake(pbx, sns.phones, "ios-call", "call");
    await pbx.close();
    await (await logIn(address, known)).close();
  });
  await step("go back to the earlier version of push, wake a phone, and forth again", () =>
    onEarlierVersion(endpoint, "Push service, stage prod: push", async () => {
      const again = await logIn(address, known);
      await wake(again, sns.phones, "ios-call", "call");
      await again.close();
    }),
  );
  await step("cdk diff of stage prod is clean", () => cdk({ endpoint, directory, project: release }).diff("prod"));
  return { address, known };
}

/** The canary is left out: it goes the whole way from outside, by TLS and CloudFront's WebSocket, which are not here. */
async function nothingWentWrong(emulator: Emulator): Promise<void> {
  const lines = (await emulator.functionsLog()).split("\n").filter((line) => !line.includes('"function":"canary"'));
  assert.deepEqual(
    lines.filter((line) => /"level":"error"|AccessDenied|not authorized/u.test(line)),
    [],
  );
  const queues = JSON.parse(await (await fetch(`${emulator.url}/_ministack/sqs/messages`)).text()) as unknown;
  const found = deadLetters(queues);
  assert.ok(found.length >= DEAD_LETTER_QUEUES, `only ${found.length} dead-letter queues were looked into`);
  assert.deepEqual(
    found.flatMap(([, messages]) => messages),
    [],
  );
}

/** Checks, mails, feedback and provisioning, of two stages. */
const DEAD_LETTER_QUEUES = 8;

/** Dead-letter queues by name, however deep, and what is in them. */
function deadLetters(value: unknown): readonly (readonly [name: string, messages: readonly unknown[]])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: readonly [string, unknown]) =>
    key.includes("DeadLetters") && Array.isArray(inner) ? [[key, inner as unknown[]] as const] : deadLetters(inner),
  );
}

function output(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  assert.ok(value, `the service stack has no output ${name}`);
  return value;
}

/** The same address where the emulator listens, without TLS. */
function socketUrl(endpoint: string, url: string): string {
  const { hostname, pathname } = new URL(url);
  return `ws://${hostname}:${new URL(endpoint).port}${pathname}`;
}
