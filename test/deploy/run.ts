import "./emulator/names.ts";
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createSnsSimulator } from "../../local/sns/simulator.ts";
import { serveSns } from "../support/aws/serve-sns.ts";
import { check } from "./check.ts";
import { account, install, region, start } from "./emulator/emulator.ts";
import { forwardTo } from "./emulator/feedback.ts";
import { judge, takeAway } from "./emulator/judge.ts";
import { told } from "./limits.ts";
import { endAll } from "../support/programs/child.ts";
import { seconds, step } from "./steps.ts";
import { logIn, postInVain } from "./story.ts";
import { stages } from "../../stages.ts";

/** A first run takes less than five minutes; a busy machine gets twice that. In ms. */
const LONGEST = 2 * 300_000;

/**
 * `npm run test:deploy`: the stacks, unmodified, deployed by the real CDK CLI to an emulator of AWS written by others, and the
 * story run at the addresses they output. Exit code 0 if all passed; the logs are in .local/deploy.
 */
const root = resolve(import.meta.dirname, "../..");
const directory = join(root, ".local", "deploy");
process.env["PATH"] = `${join(root, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`;
const zones = Object.fromEntries(
  Object.values(stages).flatMap(({ hostedZone }) =>
    hostedZone === undefined ? [] : [[hostedZone.id, hostedZone.name]],
  ),
);

const begin = performance.now();
await mkdir(directory, { recursive: true });
const feedback = forwardTo();
const simulator = createSnsSimulator({ region, account, publishEvent: feedback.publish });
const judging = judge(simulator);
const sns = await serveSns(judging.judged);
const python = await step("install the emulator in a virtual environment of its own", () =>
  install(join(root, ".local", "ministack"), join(directory, "install.log")),
);
const emulator = await step("start it on loopback, IAM enforced", () =>
  start({ python, directory, snsUrl: sns.url, zones }),
);
feedback.connect(emulator.url);
judging.connect(emulator);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    endAll();
    void emulator.stop().then(() => process.exit(1));
  });
try {
  const { address, known } = await check({ root, directory, emulator, sns: simulator.control, snsUrl: sns.url });
  await step("our own evaluator checked every call to SNS and refused none", () => {
    assert.deepEqual(judging.refusals, []);
    assert.ok(judging.calls() > 0, "no call of a role reached SNS");
    return Promise.resolve();
  });
  await step("it refuses the role of push once sns:Publish is removed, and the PBX gets the error", async () => {
    await takeAway(emulator.url, "push-prod-service-FunctionsPushRole", "sns:Publish");
    const pbx = await logIn(address, known);
    const error = await postInVain(pbx, simulator.control);
    await pbx.close();
    assert.match(judging.refusals[0] ?? "", /FunctionsPushRole\S* may not sns:\w+ on \S*:app\/APNS_VOIP\//u, error);
  });
  assert.ok(performance.now() - begin < LONGEST, `it took ${seconds(begin)}, more than twice the five minutes allowed`);
  console.log(`\nall passed, ${seconds(begin)}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\nfailed after ${seconds(begin)}; logs: ${directory}`);
  process.exitCode = 1;
} finally {
  console.log(told(await emulator.deviations()));
  await emulator.stop();
  await sns.close();
}
