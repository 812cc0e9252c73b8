import { dynamoClient } from "../adapters/aws/client/clients.ts";
import { dynamoOutcomes } from "../adapters/aws/push/outcomes.ts";
import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { queue } from "../middleware/queue.ts";
import { deliveryEvents } from "../usecases/push/delivery-events.ts";

const env = readEnv("events", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "events" }, systemClock, toStandardOutput);

export const handler = queue(
  deliveryEvents({
    outcomes: dynamoOutcomes(dynamoClient(), env.CORE_TABLE),
    clock: systemClock,
    telemetry,
    limits: env.LIMITS,
  }),
  { telemetry, name: "events" },
);
