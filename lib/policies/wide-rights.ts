import type { Entrypoint } from "../../lambdas/env.ts";
import type { Functions } from "../functions/functions.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";
import type { ServiceFunction } from "../functions/service-function.ts";

const REASON =
  "The stage asks for it (fallbacks.rights): AWS has refused a call that names its resource (docs/unproven.md).";

/** Lets a function do these things with apps and endpoints whatever resource AWS decides them by. */
export function widenPush(sender: ServiceFunction<Entrypoint>, actions: readonly string[]): void {
  new ReasonedPolicy(sender, "WidePush", sender.role, REASON, { actions, resources: ["*"] });
}

/**
 * Lets pushes and emails out whatever resource AWS decides them by: the fallback of a stage where it refuses them. The
 * rights that name their resources stay beside these.
 */
export function widenRights({ push, admin, mail }: Functions): void {
  for (const sender of [push, admin])
    widenPush(sender, ["sns:CreatePlatformEndpoint", "sns:Publish", "sns:SetEndpointAttributes"]);
  new ReasonedPolicy(mail, "WideMail", mail.role, REASON, {
    actions: ["ses:SendEmail", "ses:SendRawEmail"],
    resources: ["*"],
  });
}
