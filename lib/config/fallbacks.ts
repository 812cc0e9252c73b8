import * as v from "valibot";
import { says, text } from "./values.ts";

const either = <const First extends string, const Other extends string>(
  first: First,
  other: Other,
  description: string,
) => v.optional(says(v.picklist([first, other], `must be ${first} or ${other}`), description), first);

/**
 * What to switch on if AWS, Apple or a PBX behaves differently from what the service assumes. docs/unproven.md has the
 * row for each, and how to find out. The first value of each is what the sources say.
 */
export const fallbacks = v.strictObject({
  calls: either("lean", "sdk", '"lean": push and session call AWS without the SDK; "sdk": by the SDK\'s clients'),
  certificateArn: v.optional(
    text(
      /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/u,
      "the ARN of a certificate for hostName in ACM, Region us-east-1, such as one imported from another authority",
    ),
  ),
  deflate: either("offered", "stripped", '"stripped": CloudFront takes permessage-deflate out of what a PBX offers'),
  rights: either(
    "exact",
    "wide",
    '"wide": SNS and SES calls on any resource, no function held to its own rows of a table',
  ),
  sourceAccount: either("checked", "unchecked", '"unchecked": SNS and SES may publish events for any account'),
  voipBundle: either("suffixed", "plain", 'the bundle id of a VoIP app at SNS: "suffixed" with .voip, or "plain"'),
});
