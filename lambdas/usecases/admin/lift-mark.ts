import type { Actor } from "../../core/domains/change.ts";
import type { App } from "../../core/push/apps.ts";
import type { PushError } from "../../core/push/push-error.ts";
import { deviceKey, parseToken } from "../../core/push/token.ts";
import { withoutAddresses } from "../../core/shared/email.ts";
import { ok, type Result } from "../../core/shared/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Devices } from "../../ports/push.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface LiftMarkPorts {
  readonly devices: Pick<Devices, "forgetGone">;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly apps: readonly App[];
}

/** Longest time for a write to our own table, in ms. */
const WRITE_LIMIT_MS = 1_000;

/**
 * Whether a mark was lifted, or why this is not a token. The next post then tries the token as if it had never been
 * gone; an execution environment may remember it as gone for a minute at most. Throws DependencyError.
 */
export type LiftMark = (token: string, actor: Actor) => Promise<Result<boolean, PushError>>;

/** The operator's command for a phone that came back before its next try (core/push/device.ts). */
export const liftMark =
  ({ devices, clock, telemetry, apps }: LiftMarkPorts): LiftMark =>
  async (text, actor) => {
    const token = parseToken(text, apps);
    if (!token.ok) return token;
    const lifted = await devices.forgetGone(deviceKey(token.value), clock.now(), WRITE_LIMIT_MS);
    if (lifted) telemetry.metric("Admin", 1, { outcome: "mark-lifted" });
    telemetry.log("info", "operator", {
      action: "mark-lifted",
      app: token.value.app.id,
      lifted,
      actor: withoutAddresses(actor),
    });
    return ok(lifted);
  };
