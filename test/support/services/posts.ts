import type { App } from "../../../lambdas/core/push/apps.ts";
import type { Limits } from "../../../lambdas/core/shared/limits.ts";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import { answerPosts } from "../../../lambdas/usecases/push/post.ts";
import { virtualClock } from "../values/clock.ts";
import { failing } from "../memory/failing.ts";
import { memoryDispatcher } from "../memory/memory-dispatcher.ts";
import { memoryPushStore } from "../memory/memory-push.ts";
import { rememberingTelemetry } from "../memory/remembering-telemetry.ts";
import { testRandom } from "../values/time-and-chance.ts";
import { apps as usualApps, limits as usualLimits } from "../values/values.ts";

export const DEADLINE = 3_000;

export interface ServicesOptions {
  readonly apps?: readonly App[];
  readonly limits?: Partial<Limits>;
  /** ms until a re-enabled endpoint is enabled. */
  readonly lag?: number;
  readonly chance?: () => number;
  readonly seal?: (token: string) => string;
}

const sealed = (token: string) => `sealed ${token.length}`;

interface Reply {
  readonly mt: string;
  readonly src?: string;
  readonly err?: string;
  readonly info?: string;
}

/** Everything that a post needs, in memory and in virtual time, with its faults. */
export function postServices({
  apps = usualApps,
  limits,
  lag = 0,
  chance = () => 0.5,
  seal = sealed,
}: ServicesOptions = {}) {
  const clock = virtualClock();
  const store = memoryPushStore(clock);
  const { dispatcher: channel, phones } = memoryDispatcher(clock, lag);
  const context = failing(store.context, clock);
  const devices = failing(store.devices, clock);
  const newTokens = failing(store.newTokens, clock);
  const dispatcher = failing(channel, clock);
  const checks = failing({ flooding: (_connectionId: string) => Promise.resolve() }, clock);
  const telemetry = rememberingTelemetry();
  /** A new execution environment of the same function. */
  const sandbox = () =>
    answerPosts({
      clock,
      context,
      devices,
      newTokens,
      dispatcher,
      checks,
      telemetry,
      apps,
      random: testRandom(),
      chance,
      seal,
      limits: { ...usualLimits, ...limits },
      deadlineMs: DEADLINE,
    });
  let post = sandbox();

  async function login(connectionId: string, account: string) {
    const [domain = ""] = account.split("/");
    await clock.run(store.sessions.open(connectionId, { source: "192.0.2.1", connectedAt: clock.now() }));
    await clock.run(
      store.sessions.logIn(connectionId, { account, domain, secretId: "s", spelling: account, at: 0, sip: "", dn: "" }),
    );
  }

  return {
    clock,
    store,
    phones,
    /** The dispatcher without its faults. */
    channel,
    context,
    devices,
    newTokens,
    dispatcher,
    checks,
    telemetry,
    login,
    /** Replaces the execution environment by a new one. */
    turnCold: () => void (post = sandbox()),
    /** Posts for a token; `late` is how long ago the frame arrived, in ms. */
    post: async (
      token: string,
      {
        connectionId = "c1",
        late = 0,
        ...members
      }: Readonly<Record<string, unknown>> & { connectionId?: string; late?: number } = {},
    ) => {
      const text = JSON.stringify({ mt: "PushNotifyPost", src: "5", token, ...members });
      return JSON.parse(await clock.run(post({ connectionId, text, arrivedAt: clock.now() - late }))) as Reply;
    },
    /** Posts any text as a frame. */
    postText: async (text: string) =>
      JSON.parse(await clock.run(post({ connectionId: "c1", text, arrivedAt: clock.now() }))) as Reply,
    /** Posts for one token that reach as many cold execution environments at the same time. */
    postAtOnce: async (token: string, count: number) => {
      const text = JSON.stringify({ mt: "PushNotifyPost", src: "5", token });
      const requests = Array.from({ length: count }, () =>
        sandbox()({ connectionId: "c1", text, arrivedAt: clock.now() }),
      );
      return (await clock.run(Promise.all(requests))).map((reply) => JSON.parse(reply) as Reply);
    },
    /** A token's stored device, as the domain can read it. */
    deviceOf: async (text: string, domain: string) => {
      const token = parseToken(text, apps);
      if (!token.ok) throw new Error(token.error.err);
      const read = await clock.run(
        store.context.read({ app: token.value.app.id, deviceKey: deviceKey(token.value) }, 100),
      );
      return read.device?.seenBy(domain);
    },
  };
}

export type PostServices = ReturnType<typeof postServices>;
