import assert from "node:assert/strict";
import { join } from "node:path";
import { phonesOf } from "../../bin/local/world.ts";
import { runStory, type Listener } from "../../bin/story/story.ts";
import type { Login } from "../../bin/story/world.ts";
import type { SnsControl } from "../../local/sns/simulator.ts";
import { stages } from "../../stages.ts";
import { cdk, type Outputs } from "./checks/cdk.ts";
import { putCredentials } from "./checks/credentials.ts";
import { askBehindEdge, text } from "./checks/edge.ts";
import { account, region, type Emulator } from "./emulator/emulator.ts";
import { operator } from "./checks/operator.ts";
import { linkTo } from "./checks/mailbox.ts";
import { nextRelease } from "./checks/release.ts";
import { rightsAreEnforced } from "./checks/rights.ts";
import { onEarlierVersion } from "./checks/rollback.ts";
import { rotate } from "./checks/rotation.ts";
import { step } from "./steps.ts";
import { eventually, logIn, wake } from "./story.ts";

export interface Surroundings {
  /** The project. */
  readonly root: string;
  /** Where assemblies and logs go. */
  readonly directory: string;
  readonly emulator: Emulator;
  readonly sns: SnsControl;
  /** Where the functions find SNS. */
  readonly snsUrl: string;
}

/** A deployed stage: where a PBX connects, and with which account. */
export interface Deployed {
  readonly address: string;
  readonly known: Login;
}

/** Time limit of one run of the story, in ms. */
const STORY_MS = 180_000;

const listener: Listener = {
  step,
  leftOut: (title, why) => void process.stdout.write(`– ${title}: left out, ${why}\n`),
};

/** The whole check, reported step by step. Throws at the first failure. */
export async function check(around: Surroundings): Promise<Deployed> {
  const { root, directory, emulator } = around;
  const endpoint = emulator.url;
  const tool = cdk({ endpoint, directory, project: root });
  await step("bootstrap both Regions", () => tool.bootstrap());
  await step("calls that no policy allows are refused", () => rightsAreEnforced(endpoint));
  await minimalStage(around, await step("deploy stage minimal", () => tool.deploy("minimal")));
  await step("cdk diff of stage minimal is clean", () => tool.diff("minimal"));

  await step("put the apps' credentials into Secrets Manager", () => putCredentials(endpoint, "prod"));
  const outputs = await step("deploy stage prod by npm run deploy", () => tool.deployByScript("prod"));
  const deployed = await fullStage(around, outputs);
  await step("no function logged an error, nothing was denied, no message is in a dead-letter queue", () =>
    nothingWentWrong(emulator),
  );
  return deployed;
}

async function minimalStage({ emulator: { url: endpoint } }: Surroundings, outputs: Outputs): Promise<void> {
  const service = outputs["push-minimal-service"] ?? {};
  const { login } = await runStory(
    {
      url: socketUrl(endpoint, output(service, "PushUrl")),
      strip: true,
      pages: output(service, "ConnectPage"),
      domain: "pbx.example.org",
      mailbox: (address) => linkTo(endpoint, address),
      signal: AbortSignal.timeout(STORY_MS),
    },
    listener,
  );
  await step("log in as a PBX that opens only the stage's URL", async () => {
    assert.ok(login);
    await (await logIn(socketUrl(endpoint, output(service, "SocketUrl")), login)).close();
  });
}

async function fullStage(
  { root, directory, emulator, sns, snsUrl }: Surroundings,
  outputs: Outputs,
): Promise<Deployed> {
  const endpoint = emulator.url;
  const service = outputs["push-prod-service"] ?? {};
  const asked = (address: string) => askBehindEdge(endpoint, stages["prod"]?.hostedZone?.id ?? "", address);
  await step("fetch the Connect page through DNS, CloudFront and its function", async () => {
    assert.match(await text(await asked(output(service, "ConnectPage"))), /<form/u);
  });
  await step(
    "a browser that requests /push there, without a handshake, is redirected to the Connect page",
    async () => {
      const answer = await asked(output(service, "PushUrl").replace(/\/ws$/u, ""));
      assert.equal(answer.status, 302);
      assert.equal(new URL(answer.headers.get("location") ?? "", "https://h").pathname, "/push/connect");
    },
  );
  const address = socketUrl(endpoint, output(service, "SocketUrl"));
  const admin = operator(root, output(service, "AdminUrl"));
  await runStory(
    {
      url: address,
      pages: output(service, "ConnectPage"),
      domain: "pbx.example.net",
      phones: phonesOf(sns.phones),
      operator: admin,
      signal: AbortSignal.timeout(STORY_MS),
    },
    listener,
  );
  await step("SNS's event about the phone without the app arrived through topic and queue", () =>
    eventually(async () => /"message":"delivery event".*"function":"events"/u.exec(await emulator.functionsLog())),
  );
  const known = await admin.add("stays.example.net");
  const pbx = await logIn(address, known);

  await step("rotate Apple's credential: a rule matches the event, and the documented commands pass it to SNS", () =>
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
  await step("the earlier socket still works, and the secret is still valid", async () => {
    await wake(pbx, sns.phones, "ios-call", "call");
    await pbx.close();
    await (await logIn(address, known)).close();
  });
  await step("roll push back to the earlier version, wake a phone, and roll forward again", () =>
    onEarlierVersion(endpoint, "Push service, stage prod: push", async () => {
      const again = await logIn(address, known);
      await wake(again, sns.phones, "ios-call", "call");
      await again.close();
    }),
  );
  await step("cdk diff of stage prod is clean", () => cdk({ endpoint, directory, project: release }).diff("prod"));
  return { address, known };
}

/** Without the canary, which connects from outside, by TLS and CloudFront's WebSocket: the emulator has neither. */
async function nothingWentWrong(emulator: Emulator): Promise<void> {
  const lines = (await emulator.functionsLog()).split("\n").filter((line) => !line.includes('"function":"canary"'));
  assert.deepEqual(
    lines.filter((line) => /"level":"error"|AccessDenied|not authorized/u.test(line)),
    [],
  );
  const queues = JSON.parse(await (await fetch(`${emulator.url}/_ministack/sqs/messages`)).text()) as unknown;
  const found = deadLetters(queues);
  assert.ok(found.length >= DEAD_LETTER_QUEUES, `only ${found.length} dead-letter queues were checked`);
  assert.deepEqual(
    found.flatMap(([, messages]) => messages),
    [],
  );
}

/** Checks, emails, delivery events and provisioning, of two stages. */
const DEAD_LETTER_QUEUES = 8;

/** Dead-letter queues by name, dead-letter queues of their own included, and what is in them. */
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

/** The same address on the emulator's port, without TLS. */
function socketUrl(endpoint: string, url: string): string {
  const { hostname, pathname } = new URL(url);
  return `ws://${hostname}:${new URL(endpoint).port}${pathname}`;
}
