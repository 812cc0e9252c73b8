import type { Functions } from "../functions/functions.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";

const REASON = "The stage asks for it (fallbacks.rights): AWS has refused a call that names its resource (docs/unproven.md).";

/**
 * Lets pushes and emails out whatever resource AWS decides them by: the fallback of a stage where it refuses them. The
 * rights that name their resources stay beside these.
 */
export function widenRights({ push, admin, mail }: Functions): void {
  const pushing = ["sns:CreatePlatformEndpoint", "sns:Publish", "sns:SetEndpointAttributes"];
  for (const sender of [push, admin])
    new ReasonedPolicy(sender, "WidePush", sender.role, REASON, { actions: pushing, resources: ["*"] });
  new ReasonedPolicy(mail, "WideMail", mail.role, REASON, { actions: ["ses:SendEmail", "ses:SendRawEmail"], resources: ["*"] });
}
