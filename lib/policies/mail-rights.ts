import { Stack } from "aws-cdk-lib";
import type { IConfigurationSet } from "aws-cdk-lib/aws-ses";
import type { Entrypoint } from "../../lambdas/env.ts";
import { bareAddress, type StageConfig } from "../config.ts";
import type { ServiceFunction } from "../functions/shared/service-function.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";
import { grantWideIfAsked } from "./wide-rights.ts";

/**
 * Lets a function send as the stage's sender, through its configuration set. Names the identity without a reference: an
 * export in use cannot change its value, and `mail.identity` may change.
 */
export function grantSendEmail(
  sender: ServiceFunction<Entrypoint>,
  config: StageConfig,
  { configurationSetName }: IConfigurationSet,
): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(sender).formatArn({ service: "ses", resource, resourceName });
  const reason =
    "In SES's sandbox the recipient's identity must be allowed too, and nobody knows it before; the condition names the sender.";
  new ReasonedPolicy(sender, "SendEmail", sender.role, reason, {
    actions: ["ses:SendRawEmail"],
    resources: [arn("identity", "*"), arn("configuration-set", configurationSetName)],
    // The bare address, as the display name has a key of its own, ses:FromDisplayName (SES developer guide, "Sending
    // policy examples"). An email from `"Name" <address>` was sent under this condition (deployment record of
    // grantjs.org, September 2026; csg-org/CompactConnect uses both keys for its sandbox).
    conditions: { StringEquals: { "ses:FromAddress": bareAddress(config.mail.from) } },
  });
  grantWideIfAsked(sender, "WideMail", config, ["ses:SendRawEmail"]);
}
