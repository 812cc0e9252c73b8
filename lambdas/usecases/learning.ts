import { type Feedback, type Lesson, lessonOf, parseFeedback, platformOf } from "../core/feedback.ts";
import type { Limits } from "../core/limits.ts";
import type { Clock } from "../ports/clock.ts";
import type { KnownDevice, Outcomes } from "../ports/outcomes.ts";
import type { Telemetry } from "../ports/telemetry.ts";

/** A token is once-good when it was in use this long, in ms: a fresh one may be wrong by itself. */
const ONCE_GOOD = 3_600_000; // 1 hour
/** A breaker stays open this long, in ms. */
const BREAKER_OPEN = 600_000; // 10 minutes

type Taught = Exclude<Lesson, "none">;

export interface LearningPorts {
  readonly outcomes: Outcomes;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "disabledTokensPerMinute">;
}

/**
 * One event of SNS: the device learns, so that the next post for its token gets the true `err`. Throws DependencyError:
 * the queue brings the message again. What is no event is counted and dropped.
 */
export function learning(ports: LearningPorts): (message: unknown) => Promise<void> {
  const { outcomes, telemetry, clock, limits } = ports;

  /** Wrong credentials disable every endpoint they touch (sns-mobile-push, rule 14): then no token is marked. */
  async function believable(device: KnownDevice, platform: string): Promise<boolean> {
    const now = clock.now();
    if ((await outcomes.breakerOpenUntil(device.app)) > now) {
      telemetry.metric("BreakerOpen", 1, { platform });
      return false;
    }
    if (now - device.createdAt < ONCE_GOOD) return true;
    const disabled = await outcomes.countDisabled(device.app, now);
    if (disabled <= limits.disabledTokensPerMinute) return true;
    await outcomes.openBreaker(device.app, now + BREAKER_OPEN);
    telemetry.metric("BreakerOpen", 1, { platform });
    telemetry.log("error", "mass disabling of tokens, outcomes are not believed", { app: device.app, disabled });
    return false;
  }

  async function learn(lesson: Taught, device: KnownDevice, feedback: Feedback, platform: string): Promise<void> {
    switch (lesson) {
      case "gone": {
        // Told before we switched the endpoint on again: no longer true.
        if (device.enabledAt !== undefined && device.enabledAt > feedback.at) return;
        if (!(await believable(device, platform))) return;
        await outcomes.markGone(device.key, feedback.at);
        telemetry.metric("Endpoint", 1, { platform, outcome: "disabled" });
        return;
      }
      case "endpoint-lost":
        return outcomes.forgetEndpoint(device.key, feedback.endpointArn);
      case "bad-message": {
        // The event does not say whose message it was: with several tenants nobody is blamed.
        const [tenant, another] = device.tenants;
        if (tenant !== undefined && another === undefined) await outcomes.strike(device.key, tenant, feedback.at);
        return;
      }
    }
  }

  return async (message) => {
    const feedback = parseFeedback(message, clock.now());
    if (feedback === undefined) {
      telemetry.metric("Delivery", 1, { platform: "unknown", outcome: "unreadable" });
      return;
    }
    const platform = platformOf(feedback.endpointArn);
    const outcome = feedback.failure || feedback.event;
    telemetry.metric("Delivery", 1, { platform, outcome });
    const lesson = lessonOf(feedback);
    if (lesson === "none") return;
    const device = await outcomes.find(feedback.endpointArn);
    telemetry.log("info", "feedback", { platform, outcome, app: device?.app });
    if (device !== undefined) await learn(lesson, device, feedback, platform);
  };
}
