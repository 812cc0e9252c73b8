import { parseFrame, replyText, stringOf, type Frame, type Reply } from "../../core/pbx/frame.ts";
import { NETWORK_FACTOR, type Limits } from "../../core/shared/limits.ts";
import { networkOf, subnetOf } from "../../core/shared/network.ts";
import { loginError, malformedLogin, type LoginError, type LoginProblem } from "../../core/pbx/login-error.ts";
import { CHALLENGE_BYTES, CHALLENGE_LIFE_MS, parseLogin, provenSecret, type Login } from "../../core/pbx/login.ts";
import { accountKey } from "../../core/shared/names.ts";
import { mayConnect } from "../../core/pbx/flood.ts";
import { parsePbxInfo } from "../../core/pbx/pbx-info.ts";
import { rate } from "../../core/shared/recent.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { PbxSecretsStore, Checks, Networks, Sessions } from "../../ports/pbx.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** A socket that has not logged in this long after it opened is closed, in s. */
const LOGIN_WITHIN_S = 30;

export interface PbxSessionPorts {
  readonly sessions: Sessions;
  readonly credentials: PbxSecretsStore;
  readonly checks: Checks;
  readonly networks: Pick<Networks, "recordOf" | "loggedIn">;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly limits: Limits;
}

/** The part of the AppWebsocket protocol that is about connections and logins; posts are another use case. */
export interface PbxSession {
  /** A socket opens; false: refuse it, as its network keeps flooding us. Throws DependencyError: refuse it too. */
  opened(connectionId: string, source: string): Promise<boolean>;
  closed(connectionId: string): Promise<void>;
  /** One text frame in; the reply's text out, or undefined if the protocol has none. Never throws DependencyError. */
  received(connectionId: string, text: string): Promise<string | undefined>;
}

const PROTOCOL_ERROR = "Error";
/** A PBX that gets no challenge cannot log in either. */
const LOGIN: ReadonlySet<string> = new Set(["AppChallenge", "AppLogin"]);

export function pbxSession(ports: PbxSessionPorts): PbxSession {
  const { sessions, checks, networks, clock, telemetry } = ports;
  const login = logInWith(ports);

  /** A failure of ours refuses nobody. */
  async function isWelcome(source: string): Promise<boolean> {
    try {
      const now = clock.now();
      return mayConnect(await networks.recordOf(source, now), now);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", "network not looked up", { error: error.message });
      return true;
    }
  }

  async function answer(connectionId: string, frame: Frame): Promise<Reply | undefined> {
    switch (frame.mt) {
      case "CheckBuild":
        return { mt: "CheckBuildResult" };
      case "AppChallenge":
        return challenge(ports, connectionId);
      case "AppLogin":
        return login(connectionId, frame);
      case "PbxInfo":
        await sessions.keepPbxInfo(connectionId, parsePbxInfo(frame));
        return undefined;
      case "AppInfo":
        return { mt: "AppInfoResult", app: stringOf(frame, "app") ?? "", info: {} };
      case "KeepAlive":
        return { mt: "KeepAliveResult" };
      default:
        return { mt: PROTOCOL_ERROR, error: "UnknownMessage", errorText: "unknown message type" };
    }
  }

  return {
    async opened(connectionId, source) {
      if (!(await isWelcome(source))) {
        telemetry.metric("Connection", 1, { outcome: "refused" });
        telemetry.log("warn", "connection refused: its network keeps flooding", { source });
        return false;
      }
      await Promise.all([
        sessions.open(connectionId, { source, connectedAt: clock.now() }),
        checks.checkLogin(connectionId, LOGIN_WITHIN_S),
      ]);
      telemetry.metric("Connection", 1, { outcome: "opened" });
      return true;
    },
    async closed(connectionId) {
      const closed = await sessions.close(connectionId);
      telemetry.metric("Connection", 1, { outcome: "closed" });
      const seconds = closed && Math.round((clock.now() - closed.connectedAt) / 1000);
      telemetry.log("info", "connection closed", { account: closed?.account, seconds });
    },
    async received(connectionId, text) {
      const frame = parseFrame(text);
      if (!frame.ok) {
        return replyText({ mt: PROTOCOL_ERROR, error: "Malformed", errorText: "a frame is one JSON object" });
      }
      try {
        const reply = await answer(connectionId, frame.value);
        return reply && replyText(reply, frame.value);
      } catch (error) {
        if (!(error instanceof DependencyError)) throw error;
        if (LOGIN.has(frame.value.mt)) telemetry.metric("Login", 1, { outcome: "error" });
        const spelling = stringOf(frame.value, "domain");
        const account = spelling === undefined ? undefined : accountKey(spelling).account;
        telemetry.log("error", "dependency failed", { mt: frame.value.mt, account, error: error.message });
        const reply = failed(frame.value.mt);
        return reply && replyText(reply, frame.value);
      }
    },
  };
}

/** What a PBX gets when a dependency failed; it retries by itself. */
function failed(mt: string): Reply | undefined {
  const error = loginError("DatabaseErr");
  if (mt === "AppLogin") return { mt: "AppLoginResult", ok: false, ...error };
  if (mt === "AppChallenge") return { mt: "AppChallengeResult", ...error };
  return undefined;
}

async function challenge(
  { sessions, clock, random, telemetry }: PbxSessionPorts,
  connectionId: string,
): Promise<Reply> {
  const value = Buffer.from(random.bytes(CHALLENGE_BYTES)).toString("hex");
  const known = await sessions.setChallenge(connectionId, value, clock.now() + CHALLENGE_LIFE_MS);
  if (known) return { mt: "AppChallengeResult", challenge: value };
  telemetry.metric("Login", 1, { outcome: "invalid" });
  return { mt: "AppChallengeResult", ...loginError("NoConnection") };
}

const REFUSED = { mt: "AppLoginResult", ok: false } as const;

/** One login attempt, and the execution environment's memory of failed ones. */
function logInWith({ sessions, credentials, checks, networks, clock, telemetry, limits }: PbxSessionPorts) {
  const most = limits.failedLoginsPerSourceAndAccountPerMinute;
  const [ofSubnet, ofNetwork] = [rate(most, 60_000), rate(most * NETWORK_FACTOR, 60_000)];
  const mayFail = (source: string, account: string, now: number): boolean =>
    ofSubnet.allow(`${subnetOf(source)} ${account}`, now) && ofNetwork.allow(`${networkOf(source)} ${account}`, now);

  async function refuse(login: Login, account: string, source: string, reason: LoginProblem): Promise<Reply> {
    const now = clock.now();
    if (!mayFail(source, account, now)) {
      telemetry.metric("Login", 1, { outcome: "limited" });
      return { ...REFUSED, ...loginError("TooManyFailures") };
    }
    await sessions.keepRefusedLogin({ account, source, at: now, reason });
    telemetry.metric("Login", 1, { outcome: "refused" });
    telemetry.log("warn", "login refused", { account, source, reason, sip: login.sip.slice(0, 64) });
    return { ...REFUSED, ...loginError("Unauthorized") };
  }

  /** A login that could not be checked. */
  function invalid(error: LoginError): Reply {
    telemetry.metric("Login", 1, { outcome: "invalid" });
    return { ...REFUSED, ...error };
  }

  /** The next login reports it again, until it is stored. */
  async function report(what: string, account: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      telemetry.log("warn", `${what} not reported`, { account, error: error.message });
    }
  }

  /** A failed second login ends the first one; a failure of ours ends nothing. */
  return async (connectionId: string, frame: Frame): Promise<Reply> => {
    const reply = await attempt(connectionId, frame);
    if (reply["ok"] !== true) await sessions.logOut(connectionId);
    return reply;
  };

  async function attempt(connectionId: string, frame: Frame): Promise<Reply> {
    const parsed = parseLogin(frame);
    if (!parsed.ok) return invalid(malformedLogin(`${parsed.error} must be a string`));
    const login = parsed.value;
    const taken = await sessions.takeChallenge(connectionId);
    if (taken === undefined || taken.until <= clock.now()) return invalid(loginError("NoChallenge"));
    const key = accountKey(login.domain);
    const known = await credentials.find(key);
    const proven = provenSecret(login, taken.challenge, known, clock.now());
    if (!proven.ok) return refuse(login, key.account, taken.source, proven.error);
    const secret = proven.value;

    const { sip, dn } = login;
    const at = clock.now();
    const connected = await sessions.logIn(connectionId, {
      ...key,
      spelling: login.domain,
      secretId: secret.id,
      at,
      sip,
      dn,
    });
    if (!connected) return invalid(loginError("NoConnection"));
    await Promise.all([
      report("login's network", key.account, networks.loggedIn(taken.source, at)),
      ...(known.used.includes(secret.id)
        ? []
        : [report("first login", known.holder, checks.firstLogin(known.holder, secret.id))]),
    ]);
    telemetry.metric("Login", 1, { outcome: "ok" });
    telemetry.log("info", "login", { account: key.account, source: taken.source, secretId: secret.id });
    return { mt: "AppLoginResult", ok: true, app: login.app, domain: login.domain };
  }
}
