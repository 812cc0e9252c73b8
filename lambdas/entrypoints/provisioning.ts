import { kmsClient, secretsClient, snsControlClient } from "../adapters/aws/client/clients.ts";
import { credentialSecrets } from "../adapters/aws/push/credential-secrets.ts";
import { snsApplications } from "../adapters/aws/push/platform-applications.ts";
import { kmsPublicKeys } from "../adapters/aws/push/public-keys.ts";
import { stacks } from "../adapters/aws/push/stacks.ts";
import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { provisioningHandler } from "../handlers/push/provision-application.ts";
import { provisioning } from "../usecases/push/provision-application.ts";

const env = readEnv("provisioning", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "provisioning" }, systemClock, toStandardOutput);

export const handler = provisioningHandler(
  provisioning({
    applications: snsApplications(snsControlClient()),
    secrets: credentialSecrets(secretsClient()),
    keys: kmsPublicKeys(kmsClient()),
    clock: systemClock,
    telemetry,
  }),
  stacks,
  telemetry,
);
