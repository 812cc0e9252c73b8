import { isOpen, opened } from "../../core/push/breaker.ts";
import {
  type DeliveryEvent,
  isDeliveryTrouble,
  type DeliveryOutcome,
  outcomeOf,
  parseDeliveryEvent,
  platformOf,
} from "../../core/push/delivery-event.ts";
import type { Limits } from "../../core/shared/limits.ts";
import type { Clock } from "../../ports/clock.ts";
import { NotYet } from "../../ports/errors.ts";
import type { KnownDevice, Outcomes } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** A token is once-good this long after SNS first took a wake-up for it, in ms: a failure would be known by then. */
const ONCE_GOOD_MS = 3_600_000; // 1 hour
/** The index shows a new row late: an event younger than this, in ms, may be about one. */
const INDEX_LAG_MS = 60_000; // 1 minute

type Taught = Exclude<DeliveryOutcome, "none">;

export interface DeliveryEventPorts {
  readonly outcomes: Outcomes;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly limits: Pick<Limits, "disabledTokensPerMinute">;
}

/**
 * Handles one SNS event: notes it for the device, so that the next post for its token gets the right `err`. Throws
 * DependencyError, or NotYet if the device may not be findable yet: then the queue delivers the message again. Anything
 * but an event is counted and dropped.
 */
export function deliveryEvents(ports: DeliveryEventPorts): (message: unknown) => Promise<void> {
  const { outcomes, telemetry, clock, limits } = ports;

  /** Wrong credentials disable every endpoint they touch (docs/sns.md, rule 14): then no token is marked. */
  async function markGone(device: KnownDevice, at: number, platform: string): Promise<void> {
    const { key, app, goodSince } = device;
    const now = clock.now();
    const breaker = await outcomes.breakerOf(app);
    if (isOpen(breaker, now)) {
      telemetry.metric("BreakerOpen", 1, { platform });
      return;
    }
    // One token counts once, however often SNS reports, or the queue repeats, that it is gone.
    if (!(await outcomes.markGone(key, at))) return;
    telemetry.metric("Endpoint", 1, { platform, outcome: "disabled" });
    if (goodSince === undefined || at - goodSince < ONCE_GOOD_MS) return;
    const disabled = await outcomes.countDisabled(app, now);
    if (disabled <= limits.disabledTokensPerMinute) return;
    await outcomes.openBreaker(app, opened(breaker, now));
    telemetry.metric("BreakerOpen", 1, { platform });
    telemetry.log("error", "mass disabling of tokens, outcomes are not believed", { app, disabled });
  }

  async function learn(lesson: Taught, device: KnownDevice, feedback: DeliveryEvent, platform: string): Promise<void> {
    switch (lesson) {
      case "gone":
        return markGone(device, feedback.at, platform);
      case "endpoint-lost":
        return outcomes.forgetEndpoint(device.key, feedback.endpointArn);
      case "bad-message": {
        // The event does not say whose message it was: with several tenants, no strike is counted.
        const [tenant, another] = device.tenants;
        if (tenant !== undefined && another === undefined) await outcomes.strike(device.key, tenant, feedback.at);
        return;
      }
    }
  }

  return async (message) => {
    const feedback = parseDeliveryEvent(message, clock.now());
    if (feedback === undefined) {
      telemetry.metric("Delivery", 1, { platform: "unknown", outcome: "unreadable" });
      return;
    }
    const platform = platformOf(feedback.endpointArn);
    const outcome = feedback.failure || feedback.event;
    const lesson = outcomeOf(feedback);
    const device = lesson === "none" ? undefined : await outcomes.find(feedback.endpointArn);
    const young = feedback.dated && clock.now() - feedback.at < INDEX_LAG_MS;
    if (lesson !== "none" && device === undefined && young) {
      throw new NotYet("the event's device is not known yet");
    }
    telemetry.metric("Delivery", 1, { platform, outcome });
    if (isDeliveryTrouble(feedback)) telemetry.metric("DeliveryTrouble", 1, { platform });
    if (lesson === "none") return;
    telemetry.log("info", "delivery event", { platform, outcome, app: device?.app });
    if (device !== undefined) await learn(lesson, device, feedback, platform);
  };
}
