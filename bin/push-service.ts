import { App } from "aws-cdk-lib";
import { ConfigError, readStage } from "../lib/config.ts";
import { addChecks, pushService } from "../lib/push-service.ts";
import { defaultStage, stages } from "../stages.ts";

/** The CDK app: `cdk synth -c stage=NAME`. */
const app = new App();
const stage: unknown = app.node.tryGetContext("stage");
try {
  pushService(app, readStage(typeof stage === "string" ? stage : defaultStage, stages));
  addChecks(app);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
