import { postFrame, type Post } from "./frames.ts";
import { requests } from "./requests.ts";
import type { Closed, Message, Wire } from "./wire.ts";

/** Result of one post: taken if there is no `err`; `ms` from sending it to the answer. */
export interface PushResult {
  readonly err?: string;
  readonly info?: unknown;
  readonly ms: number;
}

/** A PBX that is logged in. */
export interface Pbx {
  /**
   * Sends a post. Rejects with `no-result` when its outcome stays unknown, with a TypeError when `members` is unusable.
   */
  push(post: Post): Promise<PushResult>;
  /** Resolves with the time to the answer in ms, or rejects with `no-result`. */
  keepAlive(): Promise<number>;
  /** Sends any text as a frame. */
  raw(text: string): void;
  /** Called for every message of the server from now on; returns a function that stops it. */
  onMessage(listener: (message: Message) => void): () => void;
  close(): Promise<Closed>;
  /** Ends without a close handshake, like a pulled cable. */
  drop(): Promise<Closed>;
  /** Resolves when the connection has ended, by whichever side; never rejects. */
  readonly closed: Promise<Closed>;
}

interface SessionOptions {
  /** A post or KeepAlive until answered, in ms. */
  readonly resultMs: number;
  /** Between two KeepAlives, in ms; 0 sends none. */
  readonly keepAliveMs: number;
  /** Called when the server breaks docs/protocol.md. */
  readonly onViolation: (what: string) => void;
}

/** Silent intervals after which the Go client drops the connection. */
const SILENT_INTERVALS = 2;

/** Speaks as a PBX over a wire on which the login has succeeded. */
export function startSession(wire: Wire, options: SessionOptions): Pbx {
  const listeners = new Set<(message: Message) => void>();
  const posts = requests<Pick<Message, "body" | "text">>("the post");
  const keepAlives = requests<undefined>("KeepAlive");
  let lastNumber = 0;
  let heard = true;

  const keepAlive = async () => {
    const answer = keepAlives.start(`${++lastNumber}`, options.resultMs);
    wire.send('{"mt":"KeepAlive"}');
    return (await answer).ms;
  };

  const settlePost = (message: Message) => {
    const { src } = message.body;
    if (typeof src === "string" && posts.settle(src, message)) return;
    options.onViolation(`a result for no post under way (late, doubled or wrong src): ${message.text}`);
  };

  const resultOf = ({ body: { api, err, info }, text }: Pick<Message, "body" | "text">, post: Post) => {
    if (err !== undefined && (typeof err !== "string" || err === "")) options.onViolation(`err is no name: ${text}`);
    if (api !== post.api) options.onViolation(`api is not the post's: ${text}`);
    return {
      ...(err !== undefined && { err: typeof err === "string" ? err : JSON.stringify(err) }),
      ...(info !== undefined && { info }),
    };
  };

  wire.hear({
    message: (message) => {
      heard = true;
      if (message.mt === "PushNotifyPostResult") settlePost(message);
      if (message.mt === "KeepAliveResult") keepAlives.settle(keepAlives.oldest() ?? "", undefined);
      listeners.forEach((listener) => listener(message));
    },
    violation: (what) => {
      heard = true;
      options.onViolation(what);
    },
  });

  let silent = 0;
  const tick = () => {
    silent = heard ? 0 : silent + 1;
    heard = false;
    if (silent >= SILENT_INTERVALS) return wire.drop(`${SILENT_INTERVALS} KeepAlive intervals of silence`);
    keepAlive().catch(() => undefined); // silence is counted above
  };
  const timer = options.keepAliveMs > 0 ? setInterval(tick, options.keepAliveMs) : undefined;
  void wire.closed.then(({ code, reason }) => {
    clearInterval(timer);
    const why = `the connection ended (${code} ${reason})`;
    posts.end(why);
    keepAlives.end(why);
  });

  return {
    closed: wire.closed,
    keepAlive,
    raw: (text) => wire.send(text),
    push: async (post) => {
      const src = `${++lastNumber}`;
      const frame = postFrame(src, post);
      const answer = posts.start(src, options.resultMs);
      wire.send(frame);
      const { value, ms } = await answer;
      return { ...resultOf(value, post), ms };
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      wire.close();
      return wire.closed;
    },
    drop: () => {
      wire.drop("dropped by this side");
      return wire.closed;
    },
  };
}
