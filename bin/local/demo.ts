import { randomBytes } from "node:crypto";
import { startLocalHost, type LocalHost } from "../../local/host.ts";
import { phoneReaction } from "../../local/sns/phones/reaction.ts";
import { ensureAssembly } from "../../local/synth.ts";
import { Failure, interruption, reasonOf } from "../shared/failure.ts";
import { connectPbx } from "../pbx/protocol/client.ts";
import { registrationClient } from "../pbx/registration.ts";
import type { Pbx } from "../pbx/protocol/session.ts";
import { confirmByLink } from "./confirm.ts";
import { hostOptions } from "./run.ts";
import { createStory, eventually, type Story } from "./steps.ts";

const DOMAIN = "pbx.example.com";
const EMAIL = "admin@example.com";
/** A PBX whose system name is the domain and whose Account field says `master`. */
const ACCOUNT = `${DOMAIN}/master`;

/** The whole story on a host of its own, over real sockets. Throws a Failure at the first step that fails. */
export async function runDemo(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const story = createStory((line) => console.log(line));
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  let host: LocalHost | undefined;
  try {
    host = await begin(story, environment, ending.signal);
    await tell(story, host, ending.signal);
    console.log("\nThat is all of it. To look around: npm start, then open the Connect page it names.");
  } catch (error) {
    if (ending.signal.aborted) throw interruption();
    throw new Failure("demo", `The demo ended early: ${reasonOf(error)}`);
  } finally {
    await host?.stop();
  }
}

/** The story on a host that runs: registration, login, wake-ups. Rejects at the first step that fails. */
export async function tell(story: Story, host: LocalHost, signal: AbortSignal): Promise<void> {
  const secret = await registerDomain(story, host, signal);
  await wakePhones(story, host, secret, signal);
}

async function begin(
  story: Story,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<LocalHost> {
  story.chapter("The service starts on this machine");
  const { directory } = await story.step(
    () => ensureAssembly(signal),
    ({ synthesized }) =>
      synthesized ? "the CloudFormation templates are synthesized" : "the templates are still those of the last time",
  );
  const { dynamoDbEndpoint, onLog } = hostOptions(environment);
  return story.step(
    () => startLocalHost({ port: 0, assembly: directory, dynamoDbEndpoint, ...(onLog !== undefined && { onLog }) }),
    ({ url, functions }) => `${functions.length} functions, tables, queues and phones run at ${url}`,
  );
}

/** Returns the secret that the PBX is given. */
async function registerDomain(story: Story, host: LocalHost, signal: AbortSignal): Promise<string> {
  const client = registrationClient(host.url, signal);
  story.chapter(`An administrator registers ${DOMAIN} in the Connect window`);
  const { ticket, code } = await story.step(
    () => client.start(DOMAIN, EMAIL),
    (begun) => `the window shows the code ${begun.code} and waits`,
  );
  const link = await story.step(
    () =>
      eventually(
        "the mail",
        signal,
        () => /https?:\/\/\S+/u.exec(host.mailbox.list().find(({ to }) => to === EMAIL)?.text ?? "")?.[0],
      ),
    () => `an email with a link arrives at ${EMAIL}`,
  );
  await story.step(
    () => confirmByLink(link, code),
    () => "the administrator opens the link and enters the code there",
  );
  const confirmed = await story.step(
    () =>
      eventually("the confirmation", signal, async () => {
        const state = await client.poll(ticket);
        return state.state === "confirmed" ? state : undefined;
      }),
    ({ url, password }) => `Connect succeeded. For the Push object: URL ${url}, password ${password}`,
  );
  await client.acknowledge(ticket);
  return confirmed.password;
}

async function wakePhones(story: Story, host: LocalHost, secret: string, signal: AbortSignal): Promise<void> {
  story.chapter("The PBX connects");
  const pbx = await story.step(
    () => connectPbx({ url: host.url, account: ACCOUNT, secret, signal }),
    () => `logged in as ${ACCOUNT} with a digest over the server's challenge`,
  );
  const iphone = randomBytes(32).toString("hex");
  const android = randomBytes(96).toString("base64url");

  const wake = (post: Post) => wakeOne(story, host, pbx, post, signal);
  story.chapter("Someone calls a sleeping iPhone");
  await wake({ token: `ios-call:${iphone}`, type: "call", members: { call: "encrypted: number, name" } });
  story.chapter("A message for the same iPhone, and for an Android phone");
  await wake({ token: `ios:${iphone}`, type: "notification", members: { content: "encrypted: title, text" } });
  await wake({ token: `android:${android}`, type: "notification", members: { content: "encrypted: title, text" } });
  await pbx.close();
}

interface Post {
  readonly token: string;
  readonly type: "call" | "notification";
  readonly members: Readonly<Record<string, string>>;
}

async function wakeOne(story: Story, host: LocalHost, pbx: Pbx, post: Post, signal: AbortSignal): Promise<void> {
  const { phones } = host.sns;
  const before = phones.list().length;
  await story.step(
    () => pbx.push(post),
    ({ err, info }) => {
      if (err !== undefined) throw new Error(`the post was refused: ${err} ${typeof info === "string" ? info : ""}`);
      return `the PBX posts the ${post.type} for ${post.token.slice(0, 20)}…; the service has handed it to SNS`;
    },
  );
  await story.step(
    () => eventually("the push", signal, () => phones.list()[before]),
    (push) => {
      const { does, why } = phoneReaction(push, push.at);
      if (does !== "rings" && does !== "shows") throw new Error(`the phone ${does} it: ${why}`);
      return `the phone ${does === "rings" ? "rings" : "shows it"} (${why}; app ${push.app}, ttl ${push.ttl} s)`;
    },
  );
}
