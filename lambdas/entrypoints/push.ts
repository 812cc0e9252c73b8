import { sqsChecks } from "../adapters/aws/pbx/check-queue.ts";
import { dynamoPostContext } from "../adapters/aws/push/post-context.ts";
import { dynamoDevices } from "../adapters/aws/push/devices.ts";
import { dynamoNewTokens } from "../adapters/aws/push/new-tokens.ts";
import { snsDispatcher } from "../adapters/aws/push/sns-dispatcher.ts";
import { leanDynamo, leanSns, leanSqs } from "#lean-client";
import { warmUpPush } from "../adapters/aws/client/warm-up.ts";
import { systemClock, systemRandom, toStandardOutput } from "../adapters/host.ts";
import { createReporter } from "../adapters/telemetry.ts";
import { sealer } from "../core/push/seal.ts";
import { readEnv } from "../env.ts";
import { pushHandler } from "../handlers/push/push.ts";
import { socket } from "../middleware/socket.ts";
import { answerPosts, postFailure } from "../usecases/push/post.ts";

const env = readEnv("push", process.env);
const dynamo = leanDynamo(process.env);
const sns = leanSns(process.env);
const telemetry = createReporter({ stage: env.STAGE, function: "push" }, systemClock, toStandardOutput);

// An execution environment has this time to itself; loading the module to measure or test it calls no AWS.
if (process.env["AWS_LAMBDA_INITIALIZATION_TYPE"] !== undefined) await warmUpPush(dynamo, sns);

export const handler = socket(
  pushHandler(
    answerPosts({
      context: dynamoPostContext(dynamo, { sessions: env.SESSIONS_TABLE, core: env.CORE_TABLE }),
      devices: dynamoDevices(dynamo, env.CORE_TABLE),
      newTokens: dynamoNewTokens(dynamo, env.CORE_TABLE),
      dispatcher: snsDispatcher(sns),
      checks: sqsChecks(leanSqs(process.env), env.CHECK_QUEUE_URL),
      seal: sealer(env.TOKEN_PUBLIC_KEY),
      clock: systemClock,
      random: systemRandom,
      chance: Math.random,
      telemetry,
      apps: env.APPS,
      limits: env.LIMITS,
      deadlineMs: env.DEADLINE_MS,
    }),
  ),
  { telemetry, name: "push", failure: postFailure },
);
