import { describe, expect, it } from "vitest";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import type { App } from "../../../lambdas/core/push/apps.ts";
import { watchErrors } from "../../../tools/soak/errors.ts";
import type { End, Evidence, LoggedError, Post, Trouble } from "../../../tools/soak/evidence.ts";
import { picture } from "../../../tools/soak/picture.ts";
import { KIND_NAMES } from "../../../tools/soak/troubles.ts";
import { RULES } from "../../../tools/soak/verdict/verdict.ts";

const TOKEN = `ios-call:${"ab".repeat(32)}`;
const parsed = parseToken(TOKEN, [{ id: "ios-call", platform: "APNS_VOIP", default: true } as App]);
if (!parsed.ok) throw new Error("the token of this test is not valid");
const DEVICE = { pk: `DEVICE#${deviceKey(parsed.value)}`, app: "ios-call", endpointArn: "arn" };

/** SNS fails from 20 to 21 s, then half a minute of calm, then every other kind at 60 s. */
const trouble = (changes: Partial<Trouble> = {}): Trouble => ({
  name: "Publish fails",
  part: "sns",
  from: 20_000,
  to: 21_000,
  struck: 3,
  ...changes,
});
const TROUBLES = [
  trouble(),
  ...KIND_NAMES.filter((name) => name !== "Publish fails").map((name) =>
    trouble({ name, part: "kms", from: 60_000, to: 60_001 }),
  ),
];
const IN_TROUBLE = 20_500;
const IN_CALM = 40_000;

let number = 0;
const post = (changes: Partial<Post> = {}): Post => ({
  id: `1-${(number += 1)}`,
  token: TOKEN,
  outcome: { kind: "taken", ms: 5 },
  endedAt: IN_CALM,
  pushes: 1,
  wakes: new Set(["w"]),
  ...changes,
});
const refused = (err: string, changes: Partial<Post> = {}) =>
  post({ outcome: { kind: "refused", err, info: "temporary", ms: 5 }, pushes: 0, wakes: new Set(), ...changes });
const end = (changes: Partial<End> = {}): End => ({
  at: 30_000,
  ms: 40_000,
  code: 1001,
  reason: "Going away",
  quiet: false,
  byUs: false,
  ...changes,
});
const error = (changes: Partial<LoggedError> = {}): LoggedError => ({
  at: IN_TROUBLE,
  function: "push",
  message: "dependency failed",
  error: "sns.Publish: InternalError",
  kind: "",
  line: "{}",
  ...changes,
});
const memory = (late: number, of: "host" | "environment" | "rss") =>
  Array.from({ length: 20 }, (_, n) => ({
    at: n,
    host: 50e6,
    environment: 20e6,
    rss: 500e6,
    posts: n,
    [of]: (n < 10 ? 1 : late) * { host: 50e6, environment: 20e6, rss: 500e6 }[of],
  }));

function evidence(changes: Partial<Evidence> = {}): Evidence {
  const posts = changes.posts ?? [
    ...Array.from({ length: 10 }, () => post()),
    refused("ApnError", { endedAt: IN_TROUBLE }),
  ];
  const count = (kind: string) => posts.filter(({ outcome }) => outcome?.kind === kind).length;
  return {
    startedAt: "2026-11-25T12:00:00.000Z",
    settings: { seed: 1, minutes: 1, pbxes: 5, rate: 1 },
    times: { idleMs: 12_000, lifetimeMs: 40_000 },
    posts,
    counted: {
      sent: posts.filter(({ outcome }) => outcome).length,
      taken: count("taken"),
      refused: count("refused"),
      timedOut: 0,
      closed: count("lost"),
      cut: 0,
      unsent: 0,
    },
    connections: { reached: 5, connects: 7, logins: 7, refused: 0, failed: 0, ended: 2, dropped: 0 },
    latency: { count: 1, mean: 1, p50: 1, p90: 1, p99: 1, p999: 1, max: 1 },
    timeline: [
      { at: 0, seconds: 60, online: 5, sent: 11, taken: 10, refused: 1, lost: 0, latency: { p50: 1, p99: 1, max: 1 } },
    ],
    origin: 0,
    ends: [end(), end({ ms: 12_100, quiet: true })],
    failures: [],
    violations: [],
    troubles: TROUBLES,
    killed: {},
    dropped: 0,
    closed: 0,
    newSecretLogins: 1,
    unanswered: 0,
    failedPushes: {},
    errors: [error()],
    notForgotten: new Set(),
    memory: memory(1, "host"),
    rows: { connections: [], devices: [DEVICE] },
    sweptBy: 1e9,
    deadLetters: { dead: 0 },
    ...changes,
  };
}

/** Words that identify a rule, evidence forged against it, and the rule's finding. */
const FORGED: readonly (readonly [rule: string, says: RegExp, changes: () => Partial<Evidence>])[] = [
  ["answered exactly once", /6 posts, but 11 ends/u, () => ({ counted: { ...evidence().counted, sent: 6 } })],
  [
    "answered exactly once",
    /without a result when no execution environment was killed/u,
    () => ({
      killed: { push: 1 },
      posts: [
        ...Array.from({ length: 10 }, () => post()),
        post({ outcome: { kind: "lost", why: "timeout" }, endedAt: IN_TROUBLE, pushes: 0 }),
      ],
    }),
  ],
  [
    "answered exactly once",
    /lost with sockets that did not end/u,
    () => ({
      posts: [
        ...Array.from({ length: 10 }, () => post()),
        post({ outcome: { kind: "lost", why: "closed" }, endedAt: IN_TROUBLE, pushes: 0 }),
      ],
    }),
  ],
  [
    "is refused only for",
    /refused for no failing dependency: Malformed/u,
    () => ({ posts: [...Array.from({ length: 10 }, () => post()), refused("Malformed", { endedAt: IN_TROUBLE })] }),
  ],
  [
    "is refused only for",
    /refused while nothing of theirs was failing: DatabaseErr/u,
    () => ({ posts: [...Array.from({ length: 10 }, () => post()), refused("DatabaseErr", { endedAt: IN_TROUBLE })] }),
  ],
  [
    "is refused only for",
    /posts in calm not taken/u,
    () => ({ posts: [...Array.from({ length: 10 }, () => post()), refused("ApnError")] }),
  ],
  [
    "is refused only for",
    /only 2 of 11 posts were taken/u,
    () => ({
      posts: [post(), post(), ...Array.from({ length: 9 }, () => refused("ApnError", { endedAt: IN_TROUBLE }))],
    }),
  ],
  [
    "is refused only for",
    /0 of 10 posts met calm/u,
    () => ({ posts: Array.from({ length: 10 }, () => post({ endedAt: IN_TROUBLE })) }),
  ],
  [
    "late or twice",
    /breaches of the protocol: a result for no post/u,
    () => ({ killed: { push: 9 }, violations: [{ at: IN_TROUBLE, what: "a result for no post under way" }] }),
  ],
  [
    "late or twice",
    /API Gateway's own, 0 events/u,
    () => ({ violations: [{ at: 1, what: 'a frame without mt: {"message":"Internal server error"}' }] }),
  ],
  ["no push is lost", /accepted posts reached no phone, SNS let 0/u, () => ({ posts: [post({ pushes: 0 })] })],
  [
    "no push is lost",
    /while every clock was right/u,
    () => ({ posts: [post({ pushes: 0 })], failedPushes: { NotificationTTLExpired: 1 } }),
  ],
  ["no push is lost", /SNS failed otherwise/u, () => ({ failedPushes: { InvalidNotification: 1 } })],
  [
    "doubled at most once",
    /1 doubles after 0 Publish calls/u,
    () => ({ posts: [post({ pushes: 2, outcome: { kind: "taken", ms: 1_500 } })] }),
  ],
  ["doubled at most once", /doubled without a time-out/u, () => ({ unanswered: 1, posts: [post({ pushes: 2 })] })],
  [
    "doubled at most once",
    /more than three times/u,
    () => ({ unanswered: 1, posts: [post({ pushes: 4, outcome: { kind: "taken", ms: 1_500 } })] }),
  ],
  ["doubled at most once", /several wake ids/u, () => ({ posts: [post({ wakes: new Set(["a", "b"]) })] })],
  [
    "doubled at most once",
    /heard that nothing was sent/u,
    () => ({ posts: [post(), post(), post(), refused("ApnError", { pushes: 1, endedAt: IN_TROUBLE })] }),
  ],
  [
    "doubled at most once",
    /no post asked for/u,
    () => ({ posts: [...evidence().posts, post({ outcome: undefined })] }),
  ],
  [
    "every PBX logs in",
    /1 of 5 PBXes never logged in/u,
    () => ({ connections: { ...evidence().connections, reached: 4 } }),
  ],
  ["every PBX logs in", /no PBX logged in with a new secret/u, () => ({ newSecretLogins: 0 })],
  ["every PBX logs in", /far from any trouble: refused/u, () => ({ failures: [{ at: IN_CALM, what: "refused" }] })],
  [
    "connections end",
    /1006 2 KeepAlive intervals of silence/u,
    () => ({ dropped: 5, ends: [...evidence().ends, end({ code: 1006, reason: "2 KeepAlive intervals of silence" })] }),
  ],
  ["connections end", /Going away after 12\.0 s/u, () => ({ ends: [...evidence().ends, end({ ms: 12_000 })] })],
  ["connections end", /1005/u, () => ({ ends: [...evidence().ends, end({ code: 1005, reason: "" })] })],
  [
    "connections end",
    /1 ends without a close frame, 0 sockets/u,
    () => ({ ends: [...evidence().ends, end({ code: 1006, reason: "" })] }),
  ],
  [
    "connections end",
    /closed by the service, which asked for 0/u,
    () => ({ ends: [...evidence().ends, end({ code: 1000, reason: "Connection Closed Normally" })] }),
  ],
  ["connections end", /cut for its silence/u, () => ({ ends: [end()] })],
  ["connections end", /end of its life/u, () => ({ ends: [end({ ms: 12_100, quiet: true })] })],
  [
    "no orphan connection row",
    /1 rows of closed connections/u,
    () => ({ rows: { connections: [{ pk: "CONN#x", ttl: 1 }], devices: [DEVICE] } }),
  ],
  [
    "no orphan connection row",
    /no sweep removes/u,
    () => ({ notForgotten: new Set(["x"]), rows: { connections: [{ pk: "CONN#x", ttl: 2e9 }], devices: [DEVICE] } }),
  ],
  [
    "a device row for no token",
    /tokens that were never posted/u,
    () => ({ rows: { connections: [], devices: [DEVICE, { ...DEVICE, pk: "DEVICE#other" }] } }),
  ],
  [
    "a device row for no token",
    /without an endpoint/u,
    () => ({ rows: { connections: [], devices: [{ ...DEVICE, endpointArn: undefined }] } }),
  ],
  ["memory is flat", /host grew from 48 to 95 MB/u, () => ({ memory: memory(2, "host") })],
  ["memory is flat", /environment grew/u, () => ({ memory: memory(2, "environment") })],
  ["memory is flat", /rss grew/u, () => ({ memory: memory(2, "rss") })],
  ["memory is flat", /only 0 samples/u, () => ({ memory: [] })],
  [
    "no error but",
    /TypeError/u,
    () => ({ errors: [error({ message: "frame failed", kind: "TypeError", line: "TypeError" })] }),
  ],
  ["no error but", /1 unexplained/u, () => ({ errors: [error({ at: IN_CALM })] })],
  ["no error but", /1 unexplained/u, () => ({ errors: [error({ error: "dynamodb.GetItem: InternalServerError" })] })],
  [
    "no error but",
    /1 unexplained/u,
    () => ({ troubles: TROUBLES.map((each) => ({ ...each, struck: 0 })), posts: [post()] }),
  ],
  ["dead-letter", /1 in dead/u, () => ({ deadLetters: { dead: 1 } })],
  [
    "every kind of trouble",
    /1 did not: Publish fails/u,
    () => ({ troubles: TROUBLES.slice(1), posts: [post()], errors: [] }),
  ],
];

describe("the verdict of a soak", () => {
  it("finds nothing in sound evidence", () => {
    expect(RULES.flatMap(({ breaches }) => breaches(evidence()))).toEqual([]);
  });

  it.each(FORGED)("%s: only this rule is broken by %s", (words, says, changes) => {
    const found = RULES.flatMap(({ rule, breaches }) =>
      breaches(evidence(changes())).map((breach) => ({ rule, breach })),
    );
    expect(found.filter(({ rule }) => !rule.includes(words))).toEqual([]);
    expect(found.map(({ breach }) => breach)).toContainEqual(expect.stringMatching(says));
  });

  it.each([
    { message: "delivery failed", kind: "DependencyError", error: "sns.Publish: timeout" },
    { message: "Invoke Error", errorType: "DependencyError", errorMessage: "sns.Publish: timeout" },
  ])("explains an error by a failing dependency: %j", (line) => {
    const watch = watchErrors();
    watch.hear({ at: 0, function: "history", line: JSON.stringify({ level: "error", ...line }) });
    const at = (time: number) => watch.errors.map((each) => ({ ...each, at: time }));
    const breaches = (time: number) => RULES.flatMap((rule) => rule.breaches(evidence({ errors: at(time) })));
    expect(breaches(IN_TROUBLE)).toEqual([]);
    expect(breaches(IN_CALM)).toEqual([expect.stringContaining("1 unexplained")]);
  });

  it("is tried with evidence forged against every rule", () => {
    const untried = RULES.filter(({ rule }) => !FORGED.some(([words]) => rule.includes(words)));
    expect(untried.map(({ rule }) => rule)).toEqual([]);
  });
});

it("the picture of a run shows its posts and the troubles at that time", () => {
  const drawn = picture(evidence());
  for (const word of ["seed 1", "a dependency fails", "without result", "p99"]) expect(drawn).toContain(word);
});
