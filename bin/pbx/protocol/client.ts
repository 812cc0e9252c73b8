import { isPbxError, pbxError } from "../errors.ts";
import { pbxInfoFrame, type LoginOptions } from "./frames.ts";
import { logIn } from "./login.ts";
import { startSession, type Pbx } from "./session.ts";
import { socketUrl, stripped } from "../url.ts";
import { openWire } from "./wire.ts";

/** Time limits of a PBX, in ms. */
interface Timeouts {
  /** TCP, TLS and WebSocket handshake; default 10,000. */
  readonly connect: number;
  /** AppChallenge, and again AppLogin, until answered; default 10,000. */
  readonly login: number;
  /** A post or KeepAlive until answered; default 10,000, after which a PBX gives up. */
  readonly result: number;
  /** Between two KeepAlives; default 60,000. Two silent intervals drop the connection. 0 sends none. */
  readonly keepAlive: number;
}

export interface PbxOptions extends LoginOptions {
  /** `https://HOST/push/ws` as the Push object has it, ws(s)://…, or a bare http(s)://HOST. */
  readonly url: string;
  /** Open the URL without its last component, as some clients of innovaphone's do; default false. */
  readonly strip?: boolean;
  /** Ends the attempt, later closes the connection. */
  readonly signal?: AbortSignal;
  readonly timeouts?: Partial<Timeouts>;
  /** Offer permessage-deflate; default false. */
  readonly deflate?: boolean;
  /** Send longer texts as continuation frames of this many bytes. */
  readonly fragmentBytes?: number;
  /** Send PbxInfo after the login; default true. */
  readonly pbxInfo?: boolean;
  /** Called when the server breaks docs/protocol.md after the login; before it, `connectPbx` rejects. */
  readonly onViolation?: (what: string) => void;
}

const DEFAULTS: Timeouts = { connect: 10_000, login: 10_000, result: 10_000, keepAlive: 60_000 };

/**
 * Connects and logs in as the Push object of a PBX does (docs/protocol.md). Rejects with a PbxError of kind `refused`,
 * `unreachable`, `protocol` or `aborted`, and with a TypeError if the URL is invalid.
 */
export async function connectPbx(options: PbxOptions): Promise<Pbx> {
  const { signal, fragmentBytes } = options;
  const times = { ...DEFAULTS, ...options.timeouts };
  const url = socketUrl(options.url);
  if (signal?.aborted) throw pbxError("aborted", { kind: "aborted" });

  const wire = openWire({
    url: options.strip ? stripped(url) : url,
    connectMs: times.connect,
    deflate: options.deflate ?? false,
    ...(fragmentBytes !== undefined && { fragmentBytes }),
  });
  const abort = () => wire.drop("aborted");
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await wire.opened;
    await logIn(wire, url, options, times.login);
  } catch (error) {
    wire.drop("the login failed");
    throw signal?.aborted && isPbxError(error) ? pbxError("aborted", { kind: "aborted" }) : error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }

  const pbx = startSession(wire, {
    resultMs: times.result,
    keepAliveMs: times.keepAlive,
    onViolation: options.onViolation ?? (() => undefined),
  });
  if (options.pbxInfo ?? true) pbx.raw(pbxInfoFrame(options.account));
  const close = () => void pbx.close();
  signal?.addEventListener("abort", close, { once: true });
  void pbx.closed.then(() => signal?.removeEventListener("abort", close));
  return pbx;
}
