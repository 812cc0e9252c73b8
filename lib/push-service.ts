import { Tags, Validations, type App } from "aws-cdk-lib";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import type { StageConfig } from "./config.ts";
import { DataStack } from "./data-stack.ts";
import { EdgeStack } from "./edge-stack.ts";
import { GlobalStack } from "./global-stack.ts";
import { MailStack } from "./mail-stack.ts";
import { ObservabilityStack } from "./observability-stack.ts";
import { ServiceStack } from "./service-stack.ts";

/** Adds all stacks of one stage to the app. */
export function pushService(app: App, config: StageConfig): void {
  const { name, region, account, hostName } = config;
  const common = { env: { region, ...(account !== undefined && { account }) } };
  const { tables, tokenKey, eventsKey } = new DataStack(app, `push-${name}-data`, config, common);
  const mail = new MailStack(app, `push-${name}-mail`, config, { ...common, eventsKey });
  const service = new ServiceStack(app, `push-${name}-service`, config, {
    ...common,
    ...{ tables, tokenKey, eventsKey },
    configurationSet: mail.configurationSet,
    mailEvents: mail.events,
  });
  const { pbxApi, publicApi, functions, provisioning, applications, canaryPhone, openUrl } = service;
  new ObservabilityStack(app, `push-${name}-observability`, config, {
    ...common,
    ...{ tables, pbxApi, publicApi, functions, provisioning, applications, canaryPhone, openUrl },
  });
  if (hostName !== undefined) {
    const everywhere = { env: { ...common.env, region: "us-east-1" } };
    const global = new GlobalStack(app, `push-${name}-global`, config, hostName, everywhere);
    new EdgeStack(app, `push-${name}-edge`, config, hostName, {
      ...common,
      ...{ pbxApi, publicApi, certificate: global.certificate, webAcl: global.webAcl },
    }).addStackDependency(global);
  }
  Tags.of(app).add("push-service", name);
}

/** Synthesis fails on any finding of cdk-nag that is not acknowledged. */
export const addChecks = (app: App): void =>
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
