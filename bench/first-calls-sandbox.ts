import { dynamoPostContext } from "../lambdas/adapters/aws/push/post-context.ts";
import { leanDynamo, leanSns } from "../lambdas/adapters/aws/client/lean-client.ts";
import { warmUpPush } from "../lambdas/adapters/aws/client/warm-up.ts";
import { snsDispatcher } from "../lambdas/adapters/aws/push/sns-dispatcher.ts";

/** A fresh process, as a sandbox is one: makes the push function's clients, then its first two calls, and prints the cost. */
const timed = async (work: () => Promise<unknown>) => {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
};

const [dynamo, sns] = [leanDynamo(process.env), leanSns(process.env)];
const init = await timed(() => (process.argv[2] === "rehearsed" ? warmUpPush(dynamo, sns) : Promise.resolve()));
const first = await timed(async () => {
  const ask = { connectionId: "c", deviceKey: "d", app: "a" };
  await dynamoPostContext(dynamo, { sessions: "sessions", core: "core" }).read(ask, 2_000);
  await snsDispatcher(sns).send("arn", { platform: "GCM", message: { data: {}, android: { priority: "high", ttl: "8s" } }, ttl: 8 }, 2_000);
});
console.log(JSON.stringify({ init, first }));
process.exit(); // kept connections would keep the process
