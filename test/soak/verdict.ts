import { deviceKey, parseToken } from "../../lambdas/core/token.ts";
import { CANARY_APP } from "../../lambdas/core/canary.ts";
import type { App } from "../../lambdas/core/apps.ts";
import type { Evidence } from "./soak.ts";

/** How a socket may end: by its lifetime or silence (1001), by us (1006, 1005), by the service (1000, 1005). */
const EXPECTED_ENDS = /^ended: (1000|1001|1005|1006)\b/u;
/** Rows of connections are swept after 3 h; in s. */
const ROW_LIFE = 3 * 3_600 + 3_600;

interface Rule {
  readonly rule: string;
  readonly breaches: (evidence: Evidence) => readonly string[];
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const killed = ({ damage }: Evidence, ...functions: readonly string[]) => sum(functions.map((name) => damage.killed.get(name) ?? 0));
const when = (broken: boolean, text: string) => (broken ? [text] : []);

/** What every run must show. Each rule says what explains what it lets pass. */
export const RULES: readonly Rule[] = [
  {
    rule: "every post is answered exactly once, save those whose sandbox was killed or whose socket ended",
    breaches: (evidence) => {
      const { sent, taken, refused, timedOut, closed, cut } = evidence.run.tally.posts;
      const silent = killed(evidence, "push");
      return [
        ...when(sent !== taken + refused + timedOut + closed + cut, `${sent} posts, but ${taken + refused + timedOut + closed + cut} ends`),
        ...when(timedOut > silent, `${timedOut} posts without a result, ${silent} were under way in killed sandboxes`),
      ];
    },
  },
  {
    rule: "no frame that a PBX does not understand, save API Gateway's own for killed sandboxes; no result twice or late",
    breaches: (evidence) => {
      const frames = sum(evidence.run.tally.violations.values());
      const allowed = killed(evidence, "push", "session");
      const some = [...evidence.run.tally.violations.keys()].slice(0, 3).join(" | ");
      return when(frames > allowed, `${frames} such frames, ${allowed} events were under way in killed sandboxes: ${some}`);
    },
  },
  {
    rule: "no push is lost: what is answered without err reaches its phone, unless SNS says why not",
    breaches: ({ ledger }) => {
      const { undelivered, failed } = ledger.totals();
      const told = failed["NotificationTTLExpired"] ?? 0;
      return [
        ...when(undelivered > told, `${undelivered} accepted posts reached no phone, SNS let ${told} expire`),
        ...when(sum(Object.values(failed)) > told, `SNS failed otherwise: ${JSON.stringify(failed)}`),
      ];
    },
  },
  {
    rule: "no push is doubled, save after a Publish without answer, and then under the same wake id; none is a ghost",
    breaches: ({ ledger, unanswered }) => {
      const { doubles, strangers, ghosts, unasked } = ledger.totals();
      return [
        ...when(doubles > unanswered, `${doubles} doubles after ${unanswered} Publish calls without answer`),
        ...when(strangers > 0, `${strangers} posts were pushed under several wake ids`),
        ...when(ghosts > 0, `${ghosts} posts were pushed although their PBX heard that nothing was sent`),
        ...when(unasked > 0, `${unasked} pushes that no post asked for`),
      ];
    },
  },
  {
    rule: "every PBX logs in; connections end for known reasons only",
    breaches: ({ run }) => {
      const strange = [...run.tally.failures].filter(([why]) => why.startsWith("ended:") && !EXPECTED_ENDS.test(why));
      const { reached } = run.tally.connections;
      return [...when(reached === 0, "no PBX logged in"), ...strange.map(([why, times]) => `${times} × ${why}`)];
    },
  },
  {
    rule: "no orphan connection row, save where $connect or $disconnect itself failed; and those are swept",
    breaches: (evidence) => {
      const { rows, errors, run } = evidence;
      const left = rows.connections.filter(({ pk }) => !errors.notForgotten.has(String(pk).slice("CONN#".length)));
      const immortal = rows.connections.filter(({ ttl }) => !(Number(ttl) < run.startedAt.getTime() / 1_000 + run.seconds + ROW_LIFE));
      const silent = killed(evidence, "session");
      return [
        ...when(left.length > silent, `${left.length} rows of closed connections, ${silent} events were under way in killed sandboxes`),
        ...when(immortal.length > 0, `${immortal.length} rows that no sweep takes`),
      ];
    },
  },
  {
    rule: "a device row for no token but those that were posted, each with an endpoint",
    breaches: ({ rows, ledger }) => {
      const known = new Set([...ledger.tokens].map(rowKeyOf));
      const strange = rows.devices.filter(({ pk, app }) => app !== CANARY_APP && !known.has(String(pk)));
      const empty = rows.devices.filter(({ endpointArn }) => typeof endpointArn !== "string");
      return [
        ...when(strange.length > 0, `${strange.length} rows of tokens that nobody posted`),
        ...when(empty.length > 0, `${empty.length} rows without an endpoint`),
      ];
    },
  },
  {
    rule: "memory is flat over the second half",
    breaches: ({ memory }) => {
      const { half, end, flat } = memory.verdict();
      return when(!flat, `the heap grew from ${half.toFixed(0)} to ${end.toFixed(0)} MB`);
    },
  },
  { rule: "no error without an explanation", breaches: ({ errors }) => errors.unexplained() },
  {
    rule: "no message in a dead-letter queue",
    breaches: ({ deadLetters }) => Object.entries(deadLetters).flatMap(([name, count]) => when(count > 0, `${count} in ${name}`)),
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
