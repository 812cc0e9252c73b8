import type { Dispatched } from "../../core/push/dispatch.ts";
import { composeMessage, type Wake } from "../../core/push/message.ts";
import type { PushError } from "../../core/push/push-error.ts";
import type { PushToken } from "../../core/push/token.ts";
import type { Clock } from "../../ports/clock.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { Dispatcher } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { WithRetries } from "../shared/retry.ts";

export interface Publication {
  readonly token: PushToken;
  readonly wake: Wake;
  readonly endpoint: string;
  /** Unix ms. */
  readonly deadline: number;
  /** An attempt ended without an answer, or with an unclear one. */
  readonly onUnanswered: () => void;
}

/** The channel's answer, or why nothing could be sent. */
export type Published = Dispatched | { readonly outcome: "not-composed"; readonly error: PushError };

/**
 * Sends one wake-up to one endpoint, with retries until the deadline. Composes it for every attempt, since its ttl and
 * time of sending change. Throws DependencyError.
 */
export function publishWakes(
  {
    clock,
    dispatcher,
    telemetry,
  }: { readonly clock: Clock; readonly dispatcher: Dispatcher; readonly telemetry: Telemetry },
  withRetries: WithRetries,
): (publication: Publication) => Promise<Published> {
  return ({ token: { app }, wake, endpoint, deadline, onUnanswered }) => {
    const { platform } = app;
    const attempt = async (limitMs: number): Promise<Published> => {
      const startedAt = clock.now();
      const message = composeMessage(app, wake, startedAt);
      if (!message.ok) return { outcome: "not-composed", error: message.error };
      try {
        return await dispatcher.send(endpoint, message.value, limitMs);
      } catch (error) {
        if (error instanceof DependencyError && error.mayBeDone) {
          onUnanswered();
          telemetry.metric("PublishUnknown", 1, { platform });
        }
        throw error;
      } finally {
        telemetry.metric("PublishLatency", clock.now() - startedAt, { platform });
      }
    };
    return withRetries({ operation: "publish", deadline }, attempt, () =>
      telemetry.metric("PublishRetry", 1, { platform }),
    );
  };
}
