import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IConfigurationSet } from "aws-cdk-lib/aws-ses";
import { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { AppCredential } from "./apps/app-credential.ts";
import { CanaryPhone } from "./apps/canary-phone.ts";
import { EventTopic } from "./apps/event-topic.ts";
import { Functions } from "./functions.ts";
import { PbxApi } from "./api/pbx-api.ts";
import { PlatformApplication } from "./apps/platform-application.ts";
import { Provisioning } from "./functions/provisioning.ts";
import { stageProvider } from "./console/stage-provider.ts";
import { AdminApi, PublicApi } from "./api/web-api.ts";
import type { Tables } from "./storage/service-table.ts";

export interface ServiceStackProps extends StackProps {
  readonly tables: Tables;
  readonly tokenKey: IKey;
  readonly eventsKey: IKey;
  readonly configurationSet: IConfigurationSet;
  /** What SES reports of emails. */
  readonly mailEvents: EventTopic;
}

/** APIs, functions, queues and apps: everything that can be rebuilt from the data. */
export class ServiceStack extends Stack {
  readonly pbxApi: PbxApi;
  readonly publicApi: PublicApi;
  readonly provisioning: Provisioning;
  readonly functions: Functions;
  readonly applications: readonly PlatformApplication[];
  readonly canaryPhone: CanaryPhone;
  /** What an administrator enters in the Push object. Without a host name it works only if the PBX leaves out `/ws`. */
  readonly pushUrl: string;
  /** URL for clients that open it as it is. */
  readonly openUrl: string;

  constructor(scope: Construct, id: string, config: StageConfig, props: ServiceStackProps) {
    const { tables, tokenKey, eventsKey, configurationSet, mailEvents, ...stack } = props;
    super(scope, id, stack);
    this.pbxApi = new PbxApi(this, "PbxApi", config);
    this.publicApi = new PublicApi(this, "PublicApi", config);
    const adminApi = new AdminApi(this, "AdminApi", config);
    this.provisioning = new Provisioning(this, "Provisioning", config);
    const events = new EventTopic(this, "PushEvents", eventsKey);
    events.allowPublisher("sns.amazonaws.com", config.fallbacks);
    const apps = new Construct(this, "Apps");
    this.applications = config.apps.map(
      (app) =>
        new PlatformApplication(apps, {
          config,
          app,
          credential: new AppCredential(apps, `${app.id}-credential`, app),
          provisioning: this.provisioning,
          events,
          logKey: eventsKey,
        }),
    );
    this.canaryPhone = new CanaryPhone(this, "CanaryPhone");

    const publicUrl = config.hostName === undefined ? this.publicApi.api.apiEndpoint : `https://${config.hostName}`;
    this.pushUrl = config.hostName === undefined ? `${this.pbxApi.url}/ws` : `${publicUrl}/push/ws`;
    this.openUrl = config.hostName === undefined ? this.pbxApi.url : this.pushUrl;
    this.functions = new Functions(this, "Functions", {
      config,
      tables,
      configurationSet,
      pbxApi: this.pbxApi,
      publicUrl,
      pushUrl: this.pushUrl,
      applications: this.applications,
      canaryPhone: this.canaryPhone,
      tokenPublicKey: this.provisioning.publicKeyOf(tokenKey),
      provider: stageProvider(this, config, publicUrl),
    });
    const { session, push, registration, admin, console, feedback, mails } = this.functions;
    // Exported even if recent posts are off: CloudFormation cannot remove an export that another stack still imports.
    for (const { logGroup } of [push, registration])
      for (const value of [logGroup.logGroupName, logGroup.logGroupArn]) this.exportValue(value);
    this.pbxApi.addRoutes(session.alias, push.alias);
    this.publicApi.addRoutes(registration.alias);
    adminApi.addRoutes(admin.alias);
    if (console !== undefined) {
      this.publicApi.addConsole(console.alias);
      new CfnOutput(this, "ConsolePage", {
        value: `${publicUrl}/push/admin`,
        description: "Push Admin, for operators",
      });
    }
    events.addQueueSubscription(feedback);
    mailEvents.addQueueSubscription(mails);

    const otherwise = config.hostName === undefined ? ". If the object stays offline, try SocketUrl" : "";
    new CfnOutput(this, "PushUrl", { value: this.pushUrl, description: `URL of the PBX's Push object${otherwise}` });
    new CfnOutput(this, "ConnectPage", {
      value: `${publicUrl}/push/connect`,
      description: "Where a PBX is registered",
    });
    new CfnOutput(this, "AdminUrl", { value: adminApi.api.apiEndpoint, description: "ADMIN_URL of npx push-admin" });
    new CfnOutput(this, "SocketUrl", {
      value: this.pbxApi.url,
      description: "The WebSocket API's own address: for programs, and for PBXes that open PushUrl as it stands",
    });
    const steps = [
      "let SES send to any address (docs/operate/deploying.md, First deployment, 6)",
      `register a domain at ${publicUrl}/push/connect, or: ADMIN_URL=${adminApi.api.apiEndpoint} npx push-admin domains add DOMAIN`,
      `npm run prove -- ${config.name}`,
    ];
    new CfnOutput(this, "NextStep", {
      value: steps.map((step, i) => `${i + 1}. ${step}`).join("; "),
      description: "After the records and links that the other stacks name under NextStep",
    });
    const applications = Object.fromEntries(this.applications.map(({ app }) => [app.id, app.applicationArn]));
    new CfnOutput(this, "Applications", {
      value: this.toJsonString(applications),
      description: "SNS platform applications by app id; kept when the stack goes",
    });
  }
}
