import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetPlatformApplicationAttributesCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { PlatformCredentials } from "../../../ports/monitoring.ts";
import { call } from "../client/call.ts";

/** Tag of a credential's secret: the day it expires, `2027-03-31`. */
const EXPIRES = "push:expires";

const time = (text: string | undefined): number | undefined => {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? undefined : at;
};

export function awsPlatformCredentials(
  sns: Pick<SNSClient, "send">,
  secrets: SecretsManagerClient,
): PlatformCredentials {
  return {
    async application(arn) {
      const command = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: arn });
      const { Attributes = {} } = await call("sns.GetPlatformApplicationAttributes", (options) =>
        sns.send(command, options),
      );
      const { Enabled, AppleCertificateExpirationDate } = Attributes;
      return { enabled: Enabled !== "false", expiresAt: time(AppleCertificateExpirationDate) };
    },

    async secret(secret) {
      const command = new DescribeSecretCommand({ SecretId: secret });
      const {
        LastChangedDate,
        CreatedDate,
        Tags = [],
      } = await call("secretsmanager.DescribeSecret", (options) => secrets.send(command, options));
      const changedAt = (LastChangedDate ?? CreatedDate)?.getTime() ?? 0;
      const tag = Tags.find(({ Key }) => Key === EXPIRES);
      return { changedAt, expiresAt: tag && (time(tag.Value) ?? "unreadable") };
    },
  };
}
