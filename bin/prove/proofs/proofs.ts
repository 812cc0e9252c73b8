import { isIPv6 } from "node:net";
import { socketUrl } from "../../pbx/url.ts";
import { chainOf } from "./certificate.ts";
import { connectedAt, remembered } from "./connections.ts";
import { bounces } from "./bounce.ts";
import { pushes } from "./pushes.ts";
import { readings } from "./readings.ts";
import { ask, body, logIn, open, PATIENCE, type Frame, type Socket } from "../socket.ts";
import { needsLogin, notTried, proven, refuted, type Means, type Proof, type Verdict } from "../means.ts";

/** After so much silence, in ms, a route counts as one-way. */
const SILENCE = 2_000;
/** Clocks that differ by less are the same clock to a deadline of seconds; in ms. */
const SAME_CLOCK = 20;
/** An address of a documentation network (RFC 5737). */
const NOBODY = "192.0.2.1";

const shown = ({ text, binary }: Frame): string =>
  `${binary ? "a binary frame" : "a text frame"} ${text.slice(0, 100)}`;

async function using(opening: Promise<Socket>, run: (socket: Socket) => Promise<Verdict>): Promise<Verdict> {
  const socket = await opening;
  try {
    return await run(socket);
  } finally {
    socket.end();
  }
}

const answered = (frame: Frame, mt: string): Verdict =>
  !frame.binary && body(frame)["mt"] === mt ? proven(shown(frame)) : refuted(`${mt} was due, ${shown(frame)} came`);

const challenge = (address: string): Promise<Verdict> =>
  using(open(address), async (socket) => answered(await ask(socket, '{"mt":"AppChallenge"}'), "AppChallengeResult"));

async function challengeAt(address: string | undefined, missing: string): Promise<Verdict> {
  if (address === undefined) return notTried(missing);
  try {
    return await challenge(address);
  } catch (error) {
    return refuted((error as Error).message); // whether it can be reached is what we prove
  }
}

const closesWith = (means: Means, data: string | Buffer, code: number): Promise<Verdict> =>
  using(open(means.target.url), async (socket) => {
    socket.send(data);
    const seen = await socket.closed(PATIENCE);
    if (seen === code) return proven(`closed with ${code}`);
    return refuted(seen === undefined ? `still open after ${PATIENCE / 1_000} s` : `closed with ${seen}, not ${code}`);
  });

const NO_EDGE = "no host name behind CloudFront is known";
const SLOW = "takes 11 minutes: --slow";

/** By their ids in docs/unproven.md. */
export const proofs: Readonly<Record<string, Proof>> = {
  ...readings,
  ...pushes,
  ...bounces,

  "api-echo": ({ target }) =>
    using(open(target.url), async (socket) => {
      const frame = await ask(socket, '{"mt":"AppChallenge","api":"prove","src":"1"}');
      const { api, src } = body(frame);
      return api === "prove" && src === "1" ? proven(shown(frame)) : refuted(shown(frame));
    }),

  deflate: async ({ target }) => {
    await challenge(target.url); // what fails without the offer does not fail because of it
    try {
      return await using(open(target.url, { deflate: true }), async (socket) => {
        const verdict = answered(await ask(socket, '{"mt":"AppChallenge"}'), "AppChallengeResult");
        return {
          ...verdict,
          why: `${socket.extensions === "" ? "offer declined" : `agreed to ${socket.extensions}`}; ${verdict.why}`,
        };
      });
    } catch (error) {
      return refuted((error as Error).message); // whether a client may offer it is what we prove
    }
  },

  "ping-pong": ({ target }) =>
    using(open(target.url), async (socket) => {
      socket.ping();
      return (await socket.pong(PATIENCE))
        ? proven("a ping is answered by a pong")
        : refuted(`no pong within ${PATIENCE / 1_000} s`);
    }),

  "two-way-reply": ({ target }) => challenge(target.url),

  "keepalive-mock": ({ target }) =>
    using(open(target.url), async (socket) => {
      await ask(socket, '{"mt":"KeepAlive"}');
      return answered(await ask(socket, '{"mt":"KeepAlive"}'), "KeepAliveResult");
    }),

  "one-way-silent": async ({ target, login, noLogin }) => {
    if (login === undefined) return needsLogin(noLogin);
    return using(logIn(target.url, login), async (socket) => {
      socket.send(JSON.stringify({ mt: "PbxInfo", domain: login.account, pbx: "prove", pbxDns: "", apis: [] }));
      const frame = await socket.frame(SILENCE);
      return frame === undefined
        ? proven(`PbxInfo: ${SILENCE / 1_000} s of silence`)
        : refuted(`PbxInfo was answered: ${shown(frame)}`);
    });
  },

  "default-route": ({ target }) =>
    using(open(target.url), async (socket) => {
      for (const text of ["no JSON at all", '{"no":"mt"}', '{"mt":"NobodyKnowsThis"}']) {
        const frame = await ask(socket, text);
        if (frame.binary || body(frame)["mt"] !== "Error") return refuted(`${text} brought ${shown(frame)}`);
      }
      return proven("no JSON, no mt, unknown mt: each answered by us");
    }),

  "frame-limit": (means) => closesWith(means, JSON.stringify({ mt: "AppInfo", app: "x".repeat(33 * 1_024) }), 1009),

  "binary-frame": (means) => closesWith(means, Buffer.from('{"mt":"KeepAlive"}'), 1003),

  "execute-api-path": ({ target }) =>
    challengeAt(
      target.apiUrl,
      "the WebSocket API's own address is not known: leave --url out, the stack's outputs name it",
    ),

  "cloudfront-path": ({ target }) => challengeAt(target.edgeUrl, NO_EDGE),

  path: async ({ target: { edgeUrl } }) => {
    if (edgeUrl === undefined) return notTried(NO_EDGE);
    const stripped = edgeUrl.replace(/\/[^/]*$/u, "");
    const verdicts = await Promise.all(
      [edgeUrl, `${edgeUrl}/`, stripped, `${stripped}/`].map((url) => challengeAt(url, "")),
    );
    return (
      verdicts.find(({ verdict }) => verdict !== "proven") ??
      proven("with and without the last component, with and without a trailing slash")
    );
  },

  "viewer-address": async ({ target: { apiUrl, edgeUrl }, login, noLogin, operator }) => {
    if (apiUrl === undefined || edgeUrl === undefined) return notTried("needs a host name, and the address behind it");
    if (login === undefined || operator === undefined) return needsLogin(noLogin);
    const source = async (address: string, headers = {}): Promise<string> => {
      const socket = await logIn(address, login, { headers });
      try {
        return (await remembered(operator, login.account, socket)).source;
      } finally {
        socket.end();
      }
    };
    const byEdge = await source(edgeUrl, { "x-viewer-address": `${NOBODY}:0` });
    const byApi = await source(apiUrl);
    if (byEdge === NOBODY) return refuted("CloudFront lets through what the client says of its address");
    if (byEdge === byApi) return proven(`${byEdge} by both ways`);
    if (isIPv6(byEdge) !== isIPv6(byApi)) return notTried(`IPv6 by one way and IPv4 by the other: ${byEdge}, ${byApi}`);
    return refuted(`${byEdge} by CloudFront, ${byApi} without`);
  },

  "clock-agreement": async ({ target, login, noLogin, operator }) => {
    if (target.connections === undefined) return notTried("needs the operator's API and @connections: leave --url out");
    if (login === undefined || operator === undefined) return needsLogin(noLogin);
    const begun = performance.now();
    const socket = await logIn(target.url, login);
    const took = performance.now() - begun;
    try {
      const { connectionId, connectedAt: byFunction } = await remembered(operator, login.account, socket);
      const byGateway = await connectedAt(target.connections, connectionId);
      if (byGateway === undefined) return notTried("@connections tells no time of connecting");
      // The function noted it after API Gateway did, and before the login was over.
      const apart = byFunction - byGateway;
      const said = `function − API Gateway = ${apart} ms, the login was over after ${took.toFixed(0)} ms`;
      return apart >= -SAME_CLOCK && apart <= took + SAME_CLOCK ? proven(said) : refuted(said);
    } finally {
      socket.end();
    }
  },

  certificate: ({ target }) => chainOf(socketUrl(target.url)),

  "ping-idle": async ({ target, login, noLogin, idleMs }) => {
    if (idleMs === undefined) return notTried(SLOW);
    if (login === undefined) return needsLogin(noLogin);
    return using(logIn(target.url, login), async (socket) => {
      const code = await stayOpen(socket, idleMs, () => socket.ping());
      if (code === undefined) return refuted("pings alone kept it open: the idle timer counts them");
      return proven(`closed with ${code} although it was pinged`);
    });
  },

  "keepalive-idle": async ({ target, login, noLogin, idleMs }) => {
    if (idleMs === undefined) return notTried(SLOW);
    if (login === undefined) return needsLogin(noLogin);
    return using(logIn(target.url, login), async (socket) => {
      const code = await stayOpen(socket, idleMs, () => socket.send('{"mt":"KeepAlive"}'));
      return code === undefined ? proven("still open after more than the idle time") : refuted(`closed with ${code}`);
    });
  },
};

/** Does something ten times in the idle time and waits a tenth longer; the close code if it closed. */
export async function stayOpen(
  socket: Pick<Socket, "closed">,
  idleMs: number,
  live: () => void,
): Promise<number | undefined> {
  for (let tenth = 0; tenth < 11; tenth++) {
    const code = await socket.closed(idleMs / 10);
    if (code !== undefined) return code;
    live();
  }
  return undefined;
}
