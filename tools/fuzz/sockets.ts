import { jsonObject } from "../../local/aws/json.ts";
import fc from "fast-check";
import { accountKey } from "../../lambdas/core/shared/names.ts";
import { deviceKey, parseToken } from "../../lambdas/core/push/token.ts";
import { pushHandler } from "../../lambdas/handlers/push/push.ts";
import { sessionFailure, sessionHandler } from "../../lambdas/handlers/pbx/session.ts";
import { socket } from "../../lambdas/middleware/socket.ts";
import type { PbxSecrets } from "../../lambdas/core/pbx/login.ts";
import { pbxSession } from "../../lambdas/usecases/pbx/session.ts";
import { answerPosts, postFailure } from "../../lambdas/usecases/push/post.ts";
import { failing } from "../../test/support/memory/failing.ts";
import { memoryDispatcher } from "../../test/support/memory/memory-dispatcher.ts";
import { memoryPushStore } from "../../test/support/memory/memory-push.ts";
import { testClock, testRandom } from "../../test/support/values/time-and-chance.ts";
import { apps, limits, loginText } from "../../test/support/values/values.ts";
import { isReply, showsNoInsides } from "./answers.ts";
import { frameText } from "./frames.ts";
import { strictTelemetry, target } from "./target.ts";

const ACCOUNT = "pbx.example.com";
const PASSWORD = "AbCdEf123456789";

/** Session and push function over one store in memory, so that each reads what the other writes. */
function services() {
  const clock = testClock();
  const store = memoryPushStore(clock);
  const sessions = failing(store.sessions, clock);
  const devices = failing(store.devices, clock);
  const channel = memoryDispatcher(clock);
  const telemetry = strictTelemetry();
  const random = testRandom();
  const known: PbxSecrets = {
    own: undefined,
    domain: { current: { id: "s", secret: PASSWORD, issuedAt: 0 } },
    active: true,
    holder: ACCOUNT,
    used: [],
  };
  const nobody: PbxSecrets = { own: undefined, domain: undefined, active: false, holder: "", used: [] };
  const talk = pbxSession({
    sessions,
    credentials: { find: ({ domain }) => Promise.resolve(domain === ACCOUNT ? known : nobody) },
    networks: {
      recordOf: () => Promise.resolve({ loggedInAt: undefined, closings: [0, 0] }),
      loggedIn: () => Promise.resolve(),
    },
    checks: {
      checkLogin: () => Promise.resolve(),
      flooding: () => Promise.resolve(),
      firstLogin: () => Promise.resolve(),
    },
    clock,
    random,
    telemetry,
    limits,
  });
  const post = answerPosts({
    checks: { flooding: () => Promise.resolve() },
    context: store.context,
    devices,
    newTokens: store.newTokens,
    dispatcher: channel.dispatcher,
    seal: (token) => `sealed ${token.length}`,
    clock,
    random,
    chance: () => 0.5,
    telemetry,
    apps,
    limits,
    deadlineMs: 3_000,
  });
  return {
    clock,
    sessions,
    devices,
    phones: channel.phones,
    session: socket(sessionHandler(talk), { telemetry, name: "session", failure: sessionFailure }),
    push: socket(pushHandler(post), { telemetry, name: "push", failure: postFailure }),
  };
}
type Services = ReturnType<typeof services>;

const cases = fc.record({
  login: fc.boolean(),
  /** Whether a challenge is open. */
  challenged: fc.boolean(),
  /** Which function gets it: API Gateway is strict about posts, another host may be less so. */
  frames: fc.array(fc.tuple(frameText, fc.constantFrom("session", "push", "route")), { minLength: 1, maxLength: 4 }),
  arrivedLate: fc.constantFrom(0, 0, 0, 2_000, 60_000, -60_000),
});

export const sockets = target(
  "frames",
  0.45,
  services,
  cases,
  async (here, { login, challenged, frames, arrivedLate }, number) => {
    const connectionId = `c${number}`;
    await send(here, "session", connectionId, "CONNECT", "");
    if (login) await logIn(here, connectionId);
    else if (challenged) await send(here, "session", connectionId, "MESSAGE", '{"mt":"AppChallenge"}');
    const answers: string[] = [];
    for (const [text, to] of frames) {
      const isPost = jsonObject(text)?.["mt"] === "PushNotifyPost";
      const by = to === "route" ? (isPost ? "push" : "session") : to;
      const before = snapshot(here);
      const reply = await send(here, by, connectionId, "MESSAGE", text, arrivedLate);
      if (reply !== undefined) {
        showsNoInsides(reply, text);
        isReply(reply, text);
      }
      if (by === "push" && reply === undefined) throw new Error("a post without a result");
      checkWrites(here, before, { connectionId, text, mayPush: by === "push" && login });
      answers.push(nameOf(reply));
    }
    await send(here, "session", connectionId, "DISCONNECT", "");
    return answers.at(-1) ?? "";
  },
);

/** The last reply of a case, by its message and its err. */
function nameOf(reply: string | undefined): string {
  if (reply === undefined) return "no reply";
  const { mt, err, ok, error } = jsonObject(reply) ?? {};
  const parts: readonly unknown[] = [mt, err, ok === false ? error : undefined];
  return parts.filter((part): part is string => typeof part === "string").join(" ");
}

async function send(
  { session, push, clock }: Services,
  by: "session" | "push",
  connectionId: string,
  eventType: string,
  body: string,
  late = 0,
) {
  const requestContext = {
    connectionId,
    eventType,
    requestId: "r",
    routeKey: "$default",
    requestTimeEpoch: clock.now() - late,
    identity: { sourceIp: "192.0.2.1" },
  };
  const handler = by === "push" ? push : session;
  const result = await handler({ requestContext, body, isBase64Encoded: false } as never, {} as never);
  if (result.statusCode !== 200) throw new Error(`status ${String(result.statusCode)}`);
  return result.body;
}

async function logIn(here: Services, connectionId: string): Promise<void> {
  const { challenge } =
    jsonObject((await send(here, "session", connectionId, "MESSAGE", '{"mt":"AppChallenge"}')) ?? "") ?? {};
  const frame = loginText({ domain: ACCOUNT, challenge: String(challenge), password: PASSWORD });
  const reply = jsonObject((await send(here, "session", connectionId, "MESSAGE", frame)) ?? "");
  if (reply?.["ok"] !== true) throw new Error(`the login of the fuzz itself failed: ${JSON.stringify(reply)}`);
}

const snapshot = ({ sessions, devices, phones }: Services) => ({
  sessions: sessions.calls.length,
  devices: devices.calls.length,
  pushes: phones.pushes.length,
});

/** A frame may write its own connection's row, and the row of the token in its post; nothing else. */
function checkWrites(
  { sessions, devices, phones }: Services,
  before: ReturnType<typeof snapshot>,
  { connectionId, text, mayPush }: { readonly connectionId: string; readonly text: string; readonly mayPush: boolean },
): void {
  for (const { operation, args } of sessions.calls.slice(before.sessions)) {
    if (operation === "keepRefusedLogin") {
      // The client names its account: one row for that account's key, and no other.
      const { mt, domain = "" } = jsonObject(text) ?? {};
      const key = mt === "AppLogin" && typeof domain === "string" ? accountKey(domain).account : undefined;
      const { account } = args[0] as { readonly account: string };
      if (key === undefined || account !== key) throw new Error(`a refused login noted for ${account}`);
    } else if (args[0] !== connectionId) throw new Error(`${operation} of another connection`);
    if (operation === "logIn") throw new Error("a login without the password");
  }
  const token = jsonObject(text)?.["token"];
  const parsed = typeof token === "string" ? parseToken(token, apps) : undefined;
  const own = parsed?.ok === true ? deviceKey(parsed.value) : undefined;
  for (const { args } of devices.calls.slice(before.devices)) {
    if (!mayPush || args[0] !== own) throw new Error(`an unexpected device row: ${String(args[0])}`);
  }
  const pushed = phones.pushes.length - before.pushes;
  if (pushed > (mayPush && own !== undefined ? 1 : 0)) throw new Error(`${pushed} pushes for one frame`);
}
