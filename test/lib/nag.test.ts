import { App, Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import { readStage } from "../../lib/config.ts";
import { pushService } from "../../lib/push-service.ts";
import { stages } from "../../stages.ts";
import { synthesize } from "./synthesize.ts";

describe("cdk-nag", () => {
  it.each(Object.keys(stages))("finds nothing in stage %s", (name) => {
    expect(Object.keys(synthesize(name).texts)).toContain(`push-${name}-service`);
  });

  it("fails the synthesis for a queue without dead-letter queue and TLS", () => {
    const app = new App({ analyticsReporting: false });
    pushService(app, readStage("minimal", stages));
    const stack = app.node.findChild("push-minimal-data");
    if (!Stack.isStack(stack)) throw new Error("no data stack");
    new Queue(stack, "Careless");
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS3[^]*AwsSolutions-SQS4/u);
  });
});
