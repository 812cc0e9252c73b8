import type { App } from "../../core/push/apps.ts";
import { type Frame, parseFrame, replyText, stringOf } from "../../core/pbx/frame.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { isFlooding, oneMore, type Strays } from "../../core/pbx/flood.ts";
import { kindOf, parsePost } from "../../core/push/post.ts";
import { isTrouble, limitError, type PushError, pushError } from "../../core/push/push-error.ts";
import { bucket, rate, recent } from "../../core/shared/recent.ts";
import { deviceKey, parseToken, type PushToken } from "../../core/push/token.ts";
import { type Wake, wakeId } from "../../core/push/message.ts";
import type { Random } from "../../ports/clock.ts";
import type { Known } from "../../ports/push.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { LoggedIn } from "../../core/pbx/connection.ts";
import type { Checks } from "../../ports/pbx.ts";
import { type DispatchPorts, dispatchPosts, READ_LIMIT_MS } from "./dispatch.ts";
import { retries } from "../shared/retry.ts";

/** Reserved before the deadline for the answer itself, in ms. */
const ANSWER_TIME_MS = 100;
/** How long an execution environment trusts what it read, and how much it remembers. */
const SESSIONS = { lifeMs: 10_000, size: 2_000 } as const; // after a suspension it posts no longer than that
const STRAYS = { lifeMs: 60_000, size: 2_000 } as const;
const DEVICES = { lifeMs: 60_000, size: 5_000 } as const;

export interface PostPorts extends DispatchPorts {
  readonly random: Random;
  readonly checks: Pick<Checks, "flooding">;
  readonly apps: readonly App[];
  readonly limits: Limits;
  /** From a frame's arrival until its answer, in ms. */
  readonly deadlineMs: number;
}

export interface PostRequest {
  readonly connectionId: string;
  /** The text frame. */
  readonly text: string;
  /** When the frame reached API Gateway, Unix ms. */
  readonly arrivedAt: number;
}

/** What a PBX learns about one post: undefined if the wake-up was accepted, else why not. */
type Outcome = PushError | undefined;

const NOT_LOGGED_IN: PushError = { err: "Malformed", info: "not logged in: send AppLogin first" };
const UNKNOWN_APP: PushError = { err: "UnknownApp", info: "the token names no app that this service knows" };
const DATABASE: PushError = { err: "DatabaseErr", info: "temporary failure, nothing was sent" };
const UNREADABLE = "this post could not be read, nothing was sent";
const BROKEN = "unknown: this post could not be handled, the wake-up may still arrive";

interface Order {
  readonly token: PushToken;
  /** Key of the device row. */
  readonly key: string;
  readonly wake: Wake;
}

/** How a post was answered, and who sent it, as far as we know. */
interface Answered {
  readonly outcome: Outcome;
  readonly session: LoggedIn | undefined;
}

/** From the text of a PushNotifyPost to that of its one reply, whatever fails. Never throws DependencyError. */
export function answerPosts(ports: PostPorts): (request: PostRequest) => Promise<string> {
  const { clock, telemetry, apps, limits } = ports;
  const sessions = recent<LoggedIn>(SESSIONS.size, SESSIONS.lifeMs);
  const devices = recent<Known>(DEVICES.size, DEVICES.lifeMs);
  const posts = rate(limits.postsPerDomainPerSecond, 1_000);
  const toToken = bucket(limits.postsPerTokenAtOnce, 1_000);
  const strays = recent<Strays & { readonly reported: boolean }>(STRAYS.size, STRAYS.lifeMs);
  const dispatch = dispatchPosts(ports);
  const withRetries = retries(ports);

  function order(frame: Frame, arrivedAt: number): Order | PushError {
    const post = parsePost(frame);
    if (!post.ok) return post.error;
    const token = parseToken(post.value.token, apps);
    if (!token.ok) return token.error;
    const kind = kindOf(post.value.type, token.value.app);
    if (!kind.ok) return kind.error;
    return {
      token: token.value,
      key: deviceKey(token.value),
      wake: { id: wakeId(ports.random.uuid()), kind: kind.value, payload: post.value.payload, arrivedAt },
    };
  }

  /** Reads what is not remembered: nothing if both are, else one BatchGetItem. */
  async function context(connectionId: string, key: string, app: string, deadline: number) {
    const now = clock.now();
    const session = sessions.get(connectionId, now);
    const known = devices.get(key, now);
    if (session !== undefined && known !== undefined) return { session, known };
    const ask = { app, ...(session === undefined && { connectionId }), ...(known === undefined && { deviceKey: key }) };
    const work = { operation: "context", deadline, longestMs: READ_LIMIT_MS };
    const read = await withRetries(work, (limitMs) => ports.context.read(ask, limitMs));
    if (read.session !== undefined) sessions.set(connectionId, read.session, now);
    const seen = known ?? { device: read.device, breaker: read.breaker };
    if (known === undefined) believe(key, seen, now);
    return { session: session ?? read.session, known: seen };
  }

  /** A token without a row is looked up again every time. */
  function believe(key: string, known: Known, now: number): void {
    if (known.device === undefined) devices.delete(key);
    else devices.set(key, known, now);
  }

  async function fulfil({ token, key, wake }: Order, connectionId: string): Promise<Answered> {
    const { app } = token;
    const deadline = wake.arrivedAt + ports.deadlineMs - ANSWER_TIME_MS;
    const { session, known } = await context(connectionId, key, app.id, deadline);
    if (session === undefined) return { session, outcome: NOT_LOGGED_IN };
    if (app.reservedFor !== undefined && app.reservedFor !== session.account) return { session, outcome: UNKNOWN_APP };
    if (!posts.allow(session.domain, clock.now())) {
      telemetry.metric("Limited", 1, { outcome: "postsPerDomainPerSecond" });
      return { session, outcome: limitError(app, "this domain posts too fast") };
    }
    if (!toToken.allow(`${session.account} ${key}`, clock.now())) {
      telemetry.metric("Limited", 1, { outcome: "postsPerTokenAtOnce" });
      return { session, outcome: limitError(app, "too many posts to this phone, one a second is taken") };
    }
    const end = await dispatch({ token, key, wake, deadline, session, known });
    if (end.known !== known) believe(key, end.known, clock.now());
    return { session, outcome: end.outcome };
  }

  /** Finds who sent a post that is refused for its content: only those logged in learn why, and the log names them. */
  async function refuse(refusal: PushError, connectionId: string): Promise<Answered> {
    const now = clock.now();
    const remembered = sessions.get(connectionId, now);
    if (remembered !== undefined) return { session: remembered, outcome: refusal };
    try {
      const { session } = await ports.context.read({ connectionId }, READ_LIMIT_MS);
      if (session !== undefined) sessions.set(connectionId, session, now);
      return { session, outcome: session === undefined ? NOT_LOGGED_IN : refusal };
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", "refused post without an account", { error: error.message });
      return { session: undefined, outcome: refusal };
    }
  }

  return async ({ connectionId, text, arrivedAt }) => {
    const parsed = parseFrame(text);
    if (!parsed.ok) return postFailure(text);
    const frame = parsed.value;
    // A clock ahead of ours must not stretch the deadline.
    const ordered = order(frame, Math.min(arrivedAt, clock.now()));
    const refused = "err" in ordered;
    const answered = refused
      ? await refuse(ordered, connectionId)
      : await fulfil(ordered, connectionId).catch((error: unknown) => {
          const session = sessions.get(connectionId, clock.now());
          return { session, outcome: contextFailure(ports, ordered.token.app, session, error) };
        });
    if (answered.outcome === NOT_LOGGED_IN) await countStray(connectionId);
    report(frame, arrivedAt, refused ? undefined : ordered, answered);
    const { err, info } = answered.outcome ?? {};
    return replyText({ mt: "PushNotifyPostResult", err, info }, frame);
  };

  /** A flooding socket is reported once by each execution environment; housekeeping closes it, after our answer. */
  async function countStray(connectionId: string): Promise<void> {
    const now = clock.now();
    const before = strays.get(connectionId, now);
    const counted = oneMore(before, now);
    let reported = before?.reported ?? false;
    try {
      if (!reported && isFlooding(counted, now)) {
        await ports.checks.flooding(connectionId);
        reported = true;
      }
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", "flooding socket not reported", { error: error.message });
    }
    strays.set(connectionId, { ...counted, reported }, now);
  }

  function report(
    frame: Frame,
    arrivedAt: number,
    done: Order | undefined,
    { session, outcome: error }: Answered,
  ): void {
    const { err, info } = error ?? {};
    const now = clock.now();
    const ms = Math.max(0, now - arrivedAt);
    const platform = done?.token.app.platform ?? "none";
    const outcome = err ?? "accepted";
    telemetry.metric("Post", 1, { platform, outcome });
    telemetry.metric("PostTrouble", error !== undefined && isTrouble(error) ? 1 : 0, { platform });
    if (err === undefined) telemetry.metric("PostLatency", ms, { platform });
    if (ms > ports.deadlineMs) telemetry.metric("PostLate", 1, { platform });
    telemetry.log(err === undefined ? "info" : "warn", "post answered", {
      account: session?.account,
      src: stringOf(frame, "src")?.slice(0, 32),
      app: done?.token.app.id,
      type: done?.wake.kind,
      wake: done?.wake.id,
      device: done?.key,
      outcome,
      failed: err === undefined ? 0 : 1,
      info,
      ms,
    });
  }
}

/** What a PBX gets when we could not read who it is and what we know about the device. */
function contextFailure({ telemetry }: PostPorts, app: App, session: LoggedIn | undefined, error: unknown): PushError {
  if (!(error instanceof DependencyError)) throw error;
  telemetry.log("error", "dependency failed", { error: error.message, app: app.id, account: session?.account });
  if (error.code !== "deadline") return DATABASE;
  telemetry.metric("DeadlineMissed", 1, { platform: app.platform });
  return pushError(app, "failed", "too late, nothing was sent");
}

/** Last resort, after an unexpected error or for text that is not a frame: still a reply in the protocol. */
export function postFailure(text: string): string {
  const frame = parseFrame(text);
  const info = frame.ok ? BROKEN : UNREADABLE;
  return replyText({ mt: "PushNotifyPostResult", err: DATABASE.err, info }, frame.ok ? frame.value : undefined);
}
