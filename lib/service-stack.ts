import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { AppCredential } from "./apps/app-credential.ts";
import { CanaryPhone } from "./apps/canary-phone.ts";
import { EventTopic } from "./apps/event-topic.ts";
import { Functions } from "./functions/functions.ts";
import { PbxApi } from "./api/pbx-api.ts";
import { PlatformApplication } from "./apps/platform-application.ts";
import { PostHistory } from "./functions/post-history.ts";
import { Provisioning } from "./functions/provisioning.ts";
import { widenRights } from "./policies/wide-rights.ts";
import { AdminApi, PublicApi } from "./api/web-api.ts";
import type { DataStack } from "./data-stack.ts";
import type { MailStack } from "./mail-stack.ts";

export interface ServiceStackProps extends StackProps {
  readonly data: DataStack;
  readonly mail: MailStack;
}

/** APIs, functions, queues and apps: everything that can be made anew from the data. */
export class ServiceStack extends Stack {
  readonly pbxApi: PbxApi;
  readonly publicApi: PublicApi;
  readonly provisioning: Provisioning;
  readonly functions: Functions;
  /** Undefined where the stage keeps no recent posts. */
  readonly history: PostHistory | undefined;
  readonly applications: readonly PlatformApplication[];
  readonly canaryPhone: CanaryPhone;
  /** What an administrator enters in the Push object. Without a host name it reaches the API only if the PBX strips it. */
  readonly pushUrl: string;
  /** What a client opens that strips nothing. */
  readonly openUrl: string;

  constructor(scope: Construct, id: string, config: StageConfig, { data, mail, ...props }: ServiceStackProps) {
    super(scope, id, props);
    this.pbxApi = new PbxApi(this, "PbxApi", config);
    this.publicApi = new PublicApi(this, "PublicApi", config);
    const adminApi = new AdminApi(this, "AdminApi", config);
    this.provisioning = new Provisioning(this, "Provisioning", config);
    const events = new EventTopic(this, "PushEvents", data.eventsKey);
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
          logKey: data.eventsKey,
        }),
    );
    this.canaryPhone = new CanaryPhone(this, "CanaryPhone");

    const publicUrl = config.hostName === undefined ? this.publicApi.api.apiEndpoint : `https://${config.hostName}`;
    this.pushUrl = config.hostName === undefined ? `${this.pbxApi.url}/ws` : `${publicUrl}/push/ws`;
    this.openUrl = config.hostName === undefined ? this.pbxApi.url : this.pushUrl;
    this.functions = new Functions(this, "Functions", {
      config,
      data,
      mail,
      pbxApi: this.pbxApi,
      publicUrl,
      pushUrl: this.pushUrl,
      applications: this.applications,
      canaryPhone: this.canaryPhone,
      tokenPublicKey: this.provisioning.publicKeyOf(data.tokenKey),
    });
    const { session, push, registration, admin, feedback, mails } = this.functions;
    this.history = config.recentPosts
      ? new PostHistory(this, { config, data, pushLogs: push.logGroup, registrationLogs: registration.logGroup })
      : undefined;
    if (config.fallbacks.rights === "wide") widenRights(this.functions);
    this.pbxApi.serve(session.alias, push.alias);
    this.publicApi.serve(registration.alias);
    adminApi.serve(admin.alias);
    events.feed(feedback);
    mail.events.feed(mails);

    const otherwise = config.hostName === undefined ? ". If the object stays offline, try SocketUrl" : "";
    new CfnOutput(this, "PushUrl", { value: this.pushUrl, description: `URL of the PBX's Push object${otherwise}` });
    new CfnOutput(this, "ConnectPage", {
      value: `${publicUrl}/push/connect`,
      description: "Where a PBX is registered",
    });
    new CfnOutput(this, "AdminUrl", { value: adminApi.api.apiEndpoint, description: "ADMIN_URL of npm run admin" });
    new CfnOutput(this, "SocketUrl", {
      value: this.pbxApi.url,
      description: "The WebSocket API's own address: for programs, and for PBXes that open PushUrl as it stands",
    });
    const steps = [
      "let SES mail to everybody (docs/deploying.md, First deployment, 6)",
      `register a domain at ${publicUrl}/push/connect, or: ADMIN_URL=${adminApi.api.apiEndpoint} npm run admin -- domains add DOMAIN`,
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
