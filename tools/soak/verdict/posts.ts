import {
  AFTERMATH,
  are,
  begun,
  CAUSES,
  isCalm,
  isGatewaysOwn,
  isUnknown,
  killed,
  named,
  near,
  sawItsSocketEnd,
  sum,
} from "./causes.ts";
import { some, when, type Rule } from "./rule.ts";

/**
 * A hanging first attempt is given up after a third of a post's time, which is 3 s less 0.1 s for the answer; in ms.
 */
const HANG_MS = 900;
/** Minimum share of posts that are accepted, and minimum share that are sent without any trouble. */
const TAKEN = 0.6;
const CALM = 0.02;

/** Rules for posts and their pushes. */
export const POST_RULES: readonly Rule[] = [
  {
    rule: "every post is answered exactly once, except those whose execution environment was killed or whose socket ended",
    breaches: (evidence) => {
      const { sent, taken, refused, timedOut, closed, cut } = evidence.counted;
      const ends = taken + refused + timedOut + closed + cut;
      const noted = evidence.posts.filter(({ outcome }) => outcome !== undefined).length;
      const silent = are(evidence, "lost").filter(({ outcome }) => outcome.why === "timeout");
      const unkilled = silent.filter((post) => !near(evidence, ["push"], begun(post), post.endedAt));
      const closedAlone = are(evidence, "lost").filter(
        (post) => post.outcome.why === "closed" && !sawItsSocketEnd(evidence, post),
      );
      return [
        ...when(closedAlone.length > 0, `${closedAlone.length} posts lost with sockets that did not end`),
        ...when(sent !== ends || sent !== noted, `${sent} posts, but ${ends} ends, ${noted} of them noted`),
        ...when(
          silent.length > killed(evidence, "push"),
          `${silent.length} posts without a result, ${killed(evidence, "push")} were under way in killed execution environments`,
        ),
        ...when(
          unkilled.length > 0,
          `${unkilled.length} posts without a result when no execution environment was killed`,
        ),
      ];
    },
  },
  {
    rule: "a post is refused only for a dependency that was failing; of those in calm all are taken, of all at least 60 %",
    breaches: (evidence) => {
      const refused = are(evidence, "refused");
      const foreign = refused.filter(({ outcome }) => CAUSES[outcome.err] === undefined);
      const uncaused = refused.filter(
        (post) =>
          CAUSES[post.outcome.err] !== undefined &&
          !near(evidence, CAUSES[post.outcome.err] ?? [], begun(post), post.endedAt),
      );
      const posted = evidence.posts.filter(({ outcome }) => outcome !== undefined);
      const calm = posted.filter((post) => isCalm(evidence, post));
      const missed = calm.filter((post) => post.outcome?.kind !== "taken" && !sawItsSocketEnd(evidence, post));
      const [all, taken] = [posted.length, are(evidence, "taken").length];
      return [
        ...some("refused for no failing dependency", foreign.map(named)),
        ...some("refused while nothing of theirs was failing", uncaused.map(named)),
        ...some(
          "posts in calm not taken",
          missed.map(({ outcome }) => JSON.stringify(outcome)),
        ),
        ...when(calm.length < all * CALM, `only ${calm.length} of ${all} posts met calm: nothing is known of it`),
        ...when(taken < all * TAKEN, `only ${taken} of ${all} posts were taken`),
      ];
    },
  },
  {
    rule: "no result late or twice; no frame that a PBX does not understand, except API Gateway's own for killed execution environments",
    breaches: (evidence) => {
      const own = evidence.violations.filter(({ what }) => isGatewaysOwn(what));
      const others = evidence.violations.filter(({ what }) => !isGatewaysOwn(what));
      const far = own.filter(({ at }) => !near(evidence, ["push", "session"], at, at));
      const allowed = killed(evidence, "push", "session");
      return [
        ...some(
          "breaches of the protocol",
          others.map(({ what }) => what),
        ),
        ...when(
          own.length > allowed,
          `${own.length} frames of API Gateway's own, ${allowed} events were under way in killed execution environments`,
        ),
        ...when(far.length > 0, `${far.length} frames of API Gateway's own when no execution environment was killed`),
      ];
    },
  },
  {
    rule: "no push is lost: what is answered without err reaches its phone, unless a clock ran ahead and SNS let it expire",
    breaches: (evidence) => {
      const expired = evidence.failedPushes["NotificationTTLExpired"] ?? 0;
      const undelivered = are(evidence, "taken").filter(({ pushes }) => pushes === 0);
      const far = undelivered.filter((post) => !near(evidence, ["clock"], begun(post), post.endedAt + AFTERMATH));
      return [
        ...when(
          undelivered.length > expired,
          `${undelivered.length} accepted posts reached no phone, SNS let ${expired} expire`,
        ),
        ...when(far.length > 0, `${far.length} accepted posts reached no phone while every clock was right`),
        ...when(
          sum(Object.values(evidence.failedPushes)) > expired,
          `SNS failed otherwise: ${JSON.stringify(evidence.failedPushes)}`,
        ),
      ];
    },
  },
  {
    rule: "a push is doubled at most once, after a Publish of that post that timed out, under the same wake id; none is a ghost",
    breaches: (evidence) => {
      const { posts, unanswered } = evidence;
      const doubled = posts.filter(({ pushes }) => pushes > 1);
      const quick = doubled.filter(({ outcome }) => outcome !== undefined && "ms" in outcome && outcome.ms < HANG_MS);
      const ghosts = are(evidence, "refused").filter((post) => post.pushes > 0 && !isUnknown(post));
      const unasked = posts.filter(({ outcome }) => outcome === undefined);
      return [
        ...when(
          doubled.length > unanswered,
          `${doubled.length} doubles after ${unanswered} Publish calls without answer`,
        ),
        ...some(
          "posts pushed more than three times",
          doubled.filter(({ pushes }) => pushes > 3).map(({ id }) => id),
        ),
        ...some(
          "posts doubled without a time-out",
          quick.map(({ id }) => id),
        ),
        ...some(
          "posts pushed under several wake ids",
          posts.filter(({ wakes }) => wakes.size > 1).map(({ id }) => id),
        ),
        ...some("posts pushed although their PBX heard that nothing was sent", ghosts.map(named)),
        ...some(
          "pushes that no post asked for",
          unasked.map(({ id }) => id),
        ),
      ];
    },
  },
];
