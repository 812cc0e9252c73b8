import { dynamoClient } from "../adapters/aws/client/clients.ts";
import { dynamoRecentPosts } from "../adapters/aws/domains/recent-posts.ts";
import { systemClock, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { readEnv } from "../env.ts";
import { recentPostsHandler } from "../handlers/domains/recent-posts.ts";
import { logs } from "../middleware/logs.ts";
import { recordPosts } from "../usecases/domains/record-posts.ts";

const env = readEnv("history", process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "history" }, systemClock, toStandardOutput);

export const handler = logs(
  recentPostsHandler(
    recordPosts({ store: dynamoRecentPosts(dynamoClient(), env.CORE_TABLE), clock: systemClock, telemetry }),
  ),
  { telemetry, name: "history" },
);
