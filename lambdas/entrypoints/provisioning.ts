import { kmsClient, secretsClient, snsControlClient } from "../adapters/aws/clients.ts";
import { credentialSecrets } from "../adapters/aws/credential-secrets.ts";
import { snsApplications } from "../adapters/aws/platform-applications.ts";
import { kmsPublicKeys } from "../adapters/aws/public-keys.ts";
import { stacks } from "../adapters/aws/stacks.ts";
import { systemClock } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { provisioningHandler } from "../handlers/provisioning.ts";
import { provisioning } from "../usecases/provisioning.ts";

const env = readEnv("provisioning", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "provisioning" }, systemClock, console.log);

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
