import {
  CreatePlatformApplicationCommand,
  NotFoundException,
  SetPlatformApplicationAttributesCommand,
  type SNSClient,
} from "@aws-sdk/client-sns";
import { DependencyError } from "../../../ports/errors.ts";
import type { PlatformApplications } from "../../../ports/push.ts";
import { call } from "../client/call.ts";

/** SNS checks a credential before it answers; in ms, and within the function's own time-out. */
const PATIENCE_MS = 8_000;

export function snsApplications(client: SNSClient): PlatformApplications {
  return {
    async update(arn, attributes) {
      const command = new SetPlatformApplicationAttributesCommand({
        PlatformApplicationArn: arn,
        Attributes: { ...attributes },
      });
      try {
        await call("sns.SetPlatformApplicationAttributes", (options) => client.send(command, options), PATIENCE_MS);
        return true;
      } catch (error) {
        if (error instanceof DependencyError && error.cause instanceof NotFoundException) return false;
        throw error;
      }
    },

    async create(name, platform, attributes) {
      const command = new CreatePlatformApplicationCommand({
        Name: name,
        Platform: platform,
        Attributes: { ...attributes },
      });
      const answer = await call(
        "sns.CreatePlatformApplication",
        (options) => client.send(command, options),
        PATIENCE_MS,
      );
      return answer.PlatformApplicationArn ?? "";
    },
  };
}
