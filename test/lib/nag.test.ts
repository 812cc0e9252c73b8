import { App, Stack } from "aws-cdk-lib";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, it } from "vitest";
import { readStage } from "../../lib/config.ts";
import { addChecks, pushService } from "../../lib/push-service.ts";
import { stages } from "../../stages.ts";
import { context } from "./synthesize.ts";

describe("cdk-nag", () => {
  it.each(
    Object.entries({
      ...stages,
      "prod with Cognito": { ...stages["prod"]!, console: "cognito" as const },
      "prod with every fallback": {
        ...stages["prod"]!,
        fallbacks: {
          calls: "sdk",
          deflate: "stripped",
          rights: "wide",
          sourceAccount: "unchecked",
          voipBundle: "plain",
        } as const,
      },
    }),
  )("finds nothing in stage %s", (_, input) => {
    const app = new App({ context, analyticsReporting: false });
    pushService(app, readStage("any", { any: input }));
    addChecks(app);
    expect(app.synth().stacks).not.toEqual([]);
  });

  it("fails the synthesis for a queue without dead-letter queue and TLS", () => {
    const app = new App({ analyticsReporting: false });
    pushService(app, readStage("minimal", stages));
    addChecks(app);
    const stack = app.node.findChild("push-minimal-data");
    if (!Stack.isStack(stack)) throw new Error("no data stack");
    new Queue(stack, "Careless");
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS3[^]*AwsSolutions-SQS4/u);
  });
});
