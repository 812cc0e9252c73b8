import type { App } from "./apps.ts";
import { type Breaker, isOpen } from "./breaker.ts";
import { type Device, isNews, knewItGood, mayEnable, needsRefresh, nextTries, planFor } from "./device.ts";
import { type PushError, pushError, type PushErrorReason } from "./push-error.ts";

/** The channel's answer to a wake-up. `accepted` means taken, not delivered. */
export type Dispatched =
  | { readonly outcome: "accepted"; readonly messageId: string }
  | { readonly outcome: "disabled" | "not-found" | "application-down" | "bad-token" | "too-big" }
  | { readonly outcome: "rejected"; readonly code: string };

/** The channel's answer to switching an endpoint on. */
export type Enabled = "on" | "not-found" | "bad-token";

/** What a post knows about its token's endpoint. */
export interface EndpointFacts {
  readonly app: App;
  /** When the post began, Unix ms; the time of everything that it writes beside a Publish. */
  readonly postAt: number;
  /** The row as the post's domain may see it. */
  readonly device: Device | undefined;
  readonly breaker: Breaker | undefined;
  /** Endpoint that this post used or got last. */
  readonly endpoint: string | undefined;
  /** This post has asked SNS for the token's endpoint. */
  readonly registered: boolean;
  /** This post has read the row again, or failed to. */
  readonly reread: boolean;
}

/** What happened last. */
export type DispatchEvent =
  | { readonly event: "begun" }
  | { readonly event: "registered"; readonly endpoint: string | undefined }
  | { readonly event: "sent"; readonly said: Dispatched }
  | { readonly event: "read"; readonly found: boolean }
  | { readonly event: "reserved"; readonly won: boolean }
  | { readonly event: "enabled"; readonly said: Enabled };

/** Marks of a device row that a step changes; null: cleared. Times in Unix ms. */
export interface Marks {
  readonly endpointArn?: string;
  readonly goodSince?: number | null;
  readonly goneAt?: number | null;
  readonly enabledAt?: number | null;
  readonly tries?: number | null;
}

/** What a post does next about its token's endpoint. */
export type DispatchStep =
  /** Asks SNS for the token's endpoint. `first`: we have none for this token yet. */
  | { readonly step: "register"; readonly first: boolean }
  /** Publishes, and writes the marks beside it; `endpoint` is the token's. */
  | { readonly step: "send"; readonly endpoint: string; readonly marks?: Marks }
  /** Reads the row again: what we know may be a minute old. */
  | { readonly step: "re-read" }
  /** Takes the one try there is now, if the row is still as it was seen. */
  | {
      readonly step: "reserve";
      readonly seen: Pick<Device, "enabledAt" | "goneAt">;
      readonly marks: Marks & { readonly endpointArn: string };
    }
  | { readonly step: "enable"; readonly endpoint: string }
  /** Undefined: accepted. */
  | { readonly step: "answer"; readonly error: PushError | undefined; readonly marks?: Marks };

type Answer = Extract<DispatchStep, { readonly step: "answer" }>;

/**
 * A post's next step along the life of its token's endpoint (docs/sns.md, Endpoints): each step at most once, except
 * for three sends: the first, one after enabling, one after registering again.
 */
export function nextStep(facts: EndpointFacts, event: DispatchEvent, now: number): DispatchStep {
  switch (event.event) {
    case "begun":
      return begin(facts);
    case "registered":
      if (event.endpoint === undefined) return answer(facts, "bad-token", "SNS refused the token");
      return {
        step: "send",
        endpoint: event.endpoint,
        marks: { endpointArn: event.endpoint, goneAt: null, goodSince: facts.postAt },
      };
    case "sent":
      return afterSend(facts, event.said);
    case "read":
      return event.found ? afterRead(facts, now) : gone(facts);
    case "reserved":
      return event.won ? { step: "enable", endpoint: endpointOf(facts) } : gone(facts);
    case "enabled":
      if (event.said === "on") return { step: "send", endpoint: endpointOf(facts) };
      return event.said === "not-found" ? lost(facts) : answer(facts, "bad-token", "SNS refused the token");
  }
}

function begin(facts: EndpointFacts): DispatchStep {
  const { device, breaker, postAt } = facts;
  switch (planFor(device, postAt, breaker)) {
    case "create":
      return { step: "register", first: true };
    case "answer-gone":
      return gone(facts);
    case "answer-bad-message":
      return answer(facts, "bad-message", "the vendor refused the last messages");
    case "enable":
      return { step: "re-read" };
    case "publish":
      return {
        step: "send",
        endpoint: endpointOf(facts),
        ...(device && needsRefresh(device, postAt) && { marks: refresh(device, postAt) }),
      };
  }
}

const refresh = ({ goodSince }: Device, now: number): Marks => (goodSince === undefined ? { goodSince: now } : {});

function afterSend(facts: EndpointFacts, said: Dispatched): DispatchStep {
  switch (said.outcome) {
    case "accepted":
      return { step: "answer", error: undefined };
    case "disabled":
      return facts.reread ? gone(facts) : { step: "re-read" };
    case "not-found":
      return lost(facts);
    case "bad-token":
      return answer(facts, "bad-token", "SNS refused the token");
    case "application-down":
      return answer(facts, "application-down", "the app is switched off at SNS: its credential may have expired");
    case "too-big":
      return answer(facts, "too-big", "too large for SNS");
    case "rejected":
      return answer(facts, "failed", `SNS: ${said.code}`);
  }
}

/** The endpoint is off, according to SNS or the row, which has now been read again. */
function afterRead(facts: EndpointFacts, now: number): DispatchStep {
  const { device, breaker } = facts;
  if (isOpen(breaker, now)) {
    return answer(
      facts,
      "application-down",
      "many tokens of this app were disabled at once, its credential is being checked",
    );
  }
  const marks: Partial<Device> = device ?? {};
  if (!mayEnable(marks, now, breaker))
    return { ...gone(facts), ...(device && isNews(device, now) && { marks: { goneAt: facts.postAt } }) };
  const { enabledAt, goneAt } = marks;
  const taken = {
    endpointArn: endpointOf(facts),
    enabledAt: now,
    goneAt: null,
    goodSince: null,
    tries: nextTries(marks, now),
  };
  return { step: "reserve", seen: { enabledAt, goneAt }, marks: taken };
}

/** SNS does not have the endpoint: registers a new one, once. */
const lost = (facts: EndpointFacts): DispatchStep =>
  !facts.registered
    ? { step: "register", first: false }
    : answer(facts, "bad-token", "SNS does not find the token's endpoint");

function gone(facts: EndpointFacts): Answer {
  return facts.device !== undefined && knewItGood(facts.device, facts.postAt)
    ? answer(facts, "gone", "the vendor no longer knows this token")
    : answer(facts, "bad-token", "the vendor does not know this token");
}

const answer = ({ app }: EndpointFacts, ...[reason, info]: [PushErrorReason, string]): Answer => ({
  step: "answer",
  error: pushError(app, reason, info),
});

/** The endpoint in a row that was just read, otherwise the one that this post knew. */
const endpointOf = ({ device, endpoint, reread }: EndpointFacts): string =>
  (reread ? device?.endpointArn : undefined) ?? endpoint ?? "";
