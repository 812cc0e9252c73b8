import type { App } from "../../../lambdas/core/push/apps.ts";
import { CANARY_APP } from "../../../lambdas/core/monitoring/canary.ts";
import { deviceKey, parseToken } from "../../../lambdas/core/push/token.ts";
import { causeOf, isExplained, killed, near } from "./causes.ts";
import { POST_RULES } from "./posts.ts";
import { some, when, type Rule } from "./rule.ts";
import { quarters } from "../memory.ts";
import { KIND_NAMES } from "../troubles.ts";

/** In a run of at least this many minutes, each kind of trouble must occur, and a silence and a lifetime must have ended. */
const ROUND_MINUTES = 1;

/** How much a heap may grow between a run's second and last quarter, as a factor and in bytes. */
const GROWTH = 1.25;
const MB = 2 ** 20;
const SLACK = { host: 10 * MB, environment: 6 * MB, rss: 120 * MB };
/** The ledger itself keeps every post, in this process. */
const LEDGER_BYTES = 1_000;

/** The rules for every run. Each rule explains its exceptions. */
export const RULES: readonly Rule[] = [
  ...POST_RULES,
  {
    rule: "every PBX logs in, one of them with a secret issued meanwhile; no attempt fails but near a trouble",
    breaches: (evidence) => {
      const { connections, settings, failures, newSecretLogins } = evidence;
      const CONNECT_MS = 20_000; // two time-outs of a PBX
      const parts = ["dynamodb", "sqs", "session", "sockets", "account", "clock"] as const;
      const far = failures.filter(({ at }) => !near(evidence, parts, at - CONNECT_MS, at));
      return [
        ...when(
          connections.reached < settings.pbxes,
          `${settings.pbxes - connections.reached} of ${settings.pbxes} PBXes never logged in`,
        ),
        ...when(settings.minutes >= ROUND_MINUTES && newSecretLogins === 0, "no PBX logged in with a new secret"),
        ...some(
          "attempts failed far from any trouble",
          far.map(({ what }) => what),
        ),
      ];
    },
  },
  {
    rule: "connections end for what was done to them, and some by their silence and some by their lifetime",
    breaches: (evidence) => {
      const ends = evidence.ends.filter(({ byUs }) => !byUs);
      const causes = ends.map((end) => [causeOf(end, evidence), end] as const);
      const of = (cause: ReturnType<typeof causeOf>) => causes.filter(([each]) => each === cause);
      const strange = of(undefined).map(
        ([, { code, reason, ms, quiet }]) =>
          `${code} ${reason} after ${(ms / 1_000).toFixed(1)} s${quiet ? ", silent" : ""}`,
      );
      const long = evidence.settings.minutes >= ROUND_MINUTES;
      return [
        ...some("ends without a cause", strange),
        ...when(
          of("dropped").length > evidence.dropped,
          `${of("dropped").length} ends without a close frame, ${evidence.dropped} sockets were cut`,
        ),
        ...when(
          of("closed").length > evidence.closed,
          `${of("closed").length} closed by the service, which asked for ${evidence.closed}`,
        ),
        ...when(long && of("idle").length === 0, "no connection was cut for its silence"),
        ...when(long && of("lifetime").length === 0, "no connection was cut at the end of its life"),
      ];
    },
  },
  {
    rule: "no orphan connection row, except where $connect or $disconnect itself failed; and those are swept",
    breaches: (evidence) => {
      const { rows, notForgotten, sweptBy } = evidence;
      const left = rows.connections.filter(({ pk }) => !notForgotten.has(String(pk).slice("CONN#".length)));
      const immortal = rows.connections.filter(({ ttl }) => !(Number(ttl) < sweptBy));
      const silent = killed(evidence, "session");
      return [
        ...when(
          left.length > silent,
          `${left.length} rows of closed connections, ${silent} events were under way in killed execution environments`,
        ),
        ...when(immortal.length > 0, `${immortal.length} rows that no sweep removes`),
      ];
    },
  },
  {
    rule: "a device row for no token but those that were posted, each with an endpoint",
    breaches: ({ rows, posts }) => {
      const known = new Set(posts.map(({ token }) => rowKeyOf(token)));
      const strange = rows.devices.filter(({ pk, app }) => app !== CANARY_APP && !known.has(String(pk)));
      const empty = rows.devices.filter(({ endpointArn }) => typeof endpointArn !== "string");
      return [
        ...when(strange.length > 0, `${strange.length} rows of tokens that were never posted`),
        ...when(empty.length > 0, `${empty.length} rows without an endpoint`),
      ];
    },
  },
  {
    rule: "memory is flat: this process's heap, an execution environment's, and all in all",
    breaches: (evidence) => {
      const posts = quarters(evidence, ({ posts: count }) => count);
      const kept = {
        host: (posts.late - posts.early) * LEDGER_BYTES,
        environment: 0,
        rss: (posts.late - posts.early) * LEDGER_BYTES,
      };
      const grown = (["host", "environment", "rss"] as const).flatMap((what) => {
        const { early, late } = quarters(evidence, (sample) => sample[what]);
        return when(
          late > early * GROWTH + SLACK[what] + kept[what],
          `${what} grew from ${(early / MB).toFixed(0)} to ${(late / MB).toFixed(0)} MB`,
        );
      });
      return [...when(evidence.memory.length < 8, `only ${evidence.memory.length} samples`), ...grown];
    },
  },
  {
    rule: "no error but of a dependency, while that one was failing",
    breaches: (evidence) =>
      some(
        "unexplained",
        evidence.errors.filter((each) => !isExplained(evidence, each)).map((each) => `${each.function}: ${each.line}`),
      ),
  },
  {
    rule: "no message in a dead-letter queue",
    breaches: ({ deadLetters }) =>
      Object.entries(deadLetters).flatMap(([name, count]) => when(count > 0, `${count} in ${name}`)),
  },
  {
    rule: "every kind of trouble came",
    breaches: ({ troubles, settings }) => {
      const missing = KIND_NAMES.filter((name) => !troubles.some((each) => each.name === name));
      return settings.minutes < ROUND_MINUTES ? [] : some("did not", missing);
    },
  },
];

/** The apps of the stage `local`, as far as keys of rows depend on them. */
const APPS = (["APNS_VOIP", "APNS", "GCM"] as const).map(
  (platform, index) => ({ id: ["ios-call", "ios", "android"][index], platform, default: platform !== "APNS" }) as App,
);

function rowKeyOf(text: string): string {
  const token = parseToken(text, APPS);
  return token.ok ? `DEVICE#${deviceKey(token.value)}` : "";
}
