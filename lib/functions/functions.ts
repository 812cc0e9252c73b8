import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { App } from "../../lambdas/core/push/apps.ts";
import type { Entrypoint } from "../../lambdas/env.ts";
import type { StageConfig } from "../config.ts";
import type { DataStack } from "../data-stack.ts";
import type { MailStack } from "../mail-stack.ts";
import type { CanaryPhone } from "../apps/canary-phone.ts";
import { letLookAtCredentials } from "./credential-watch.ts";
import type { PbxApi } from "../api/pbx-api.ts";
import { VIEWER_ADDRESS } from "../api/viewer-request.ts";
import type { PlatformApplication } from "../apps/platform-application.ts";
import { orderDaily } from "./run-every.ts";
import { letPush } from "../policies/push-rights.ts";
import { ServiceFunction } from "./service-function.ts";
import type { Finding, ServiceTable, TableAccess } from "../storage/service-table.ts";
import { WorkQueue } from "../queues/work-queue.ts";

export interface FunctionsProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly mail: MailStack;
  readonly pbxApi: PbxApi;
  /** Base of the pages, without a trailing slash. */
  readonly publicUrl: string;
  /** What an administrator enters in the Push object. */
  readonly pushUrl: string;
  readonly applications: readonly PlatformApplication[];
  readonly tokenPublicKey: string;
  readonly canaryPhone: CanaryPhone;
}

const ANSWERED = "It is invoked synchronously: who waits for the answer hears of the failure and asks again.";
const FROM_QUEUE = "It works off a queue, which has a dead-letter queue of its own.";

/** The functions of docs/architecture.md, each with its environment and no right but the ones that table names. */
export class Functions extends Construct {
  readonly session: ServiceFunction<"session">;
  readonly push: ServiceFunction<"push">;
  readonly registration: ServiceFunction<"registration">;
  readonly mail: ServiceFunction<"mail">;
  readonly admin: ServiceFunction<"admin">;
  readonly events: ServiceFunction<"events">;
  readonly housekeeping: ServiceFunction<"housekeeping">;
  readonly checks: WorkQueue;
  readonly mails: WorkQueue;
  readonly feedback: WorkQueue;

  get all(): readonly ServiceFunction<Entrypoint>[] {
    return [this.session, this.push, this.registration, this.mail, this.admin, this.events, this.housekeeping];
  }

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { config, data, pbxApi } = props;
    this.checks = new WorkQueue(this, "Checks");
    this.mails = new WorkQueue(this, "Mails");
    this.feedback = new WorkQueue(this, "Feedback");

    const stage = { STAGE: config.name };
    const tables = { ...stage, CORE_TABLE: data.core.tableName, SESSIONS_TABLE: data.sessions.tableName };
    const limits = { LIMITS: JSON.stringify(config.limits) };
    const secrets = { SECRETS_TABLE: data.secrets.tableName };
    const address = config.hostName === undefined ? {} : { ADDRESS_HEADER: VIEWER_ADDRESS };
    const apps = { APPS: appsText(this, props) };
    const pages = { PUBLIC_URL: props.publicUrl, PUSH_URL: props.pushUrl };
    const checks = { CHECK_QUEUE_URL: this.checks.queue.queueUrl };
    const mails = { MAIL_QUEUE_URL: this.mails.queue.queueUrl };
    const callback = { CALLBACK_URL: pbxApi.url };

    this.session = new ServiceFunction(this, "session", {
      config,
      environment: { ...tables, ...limits, ...secrets, ...address, ...checks },
      failures: ANSWERED,
    });
    this.push = new ServiceFunction(this, "push", {
      config,
      environment: {
        ...tables,
        ...limits,
        ...apps,
        ...checks,
        TOKEN_PUBLIC_KEY: props.tokenPublicKey,
        DEADLINE_MS: String(config.deadlineMs),
      },
      failures: ANSWERED,
    });
    this.registration = new ServiceFunction(this, "registration", {
      config,
      environment: { ...tables, ...limits, ...secrets, ...address, ...mails, ...checks, ...callback, ...pages },
      failures: ANSWERED,
    });
    this.mail = new ServiceFunction(this, "mail", {
      config,
      environment: {
        ...tables,
        ...limits,
        PUBLIC_URL: props.publicUrl,
        MAIL_FROM: config.mail.from,
        CONFIGURATION_SET: props.mail.configurationSet.configurationSetName,
      },
      failures: FROM_QUEUE,
    });
    this.admin = new ServiceFunction(this, "admin", {
      config,
      environment: {
        ...tables,
        ...secrets,
        ...mails,
        ...checks,
        ...callback,
        ...apps,
        PUSH_URL: props.pushUrl,
        VAULT_NAMES: vaultNames(this, props.applications),
        TOKEN_PUBLIC_KEY: props.tokenPublicKey,
      },
      failures: ANSWERED,
    });
    this.events = new ServiceFunction(this, "events", {
      config,
      environment: { ...stage, ...limits, CORE_TABLE: data.core.tableName },
      failures: FROM_QUEUE,
    });
    this.housekeeping = new ServiceFunction(this, "housekeeping", {
      config,
      environment: { ...tables, ...secrets, ...mails, ...checks, ...callback },
      failures: FROM_QUEUE,
    });
    this.#grantData(props);
    this.#grantSns(props.applications);
    props.canaryPhone.grantWake(this.push.role);
    for (const closer of [this.admin, this.housekeeping]) pbxApi.grantClose(closer, closer.role);
    pbxApi.grantLook(this.registration, this.registration.role);
    props.mail.grantSend(this.mail, this.mail.role);
    this.#connectQueues();
  }

  #grantData({ data: { secrets, core, sessions } }: FunctionsProps): void {
    const rights: readonly [ServiceFunction<Entrypoint>, ...[ServiceTable, TableAccess, Finding?][]][] = [
      [this.session, [secrets, "read"], [core, "read"], [sessions, "read-write"]],
      [this.push, [core, "read-write"], [sessions, "read"]],
      [
        this.registration,
        [secrets, "read-write"],
        [core, "read-write", { indexes: ["byKind"] }],
        [sessions, "read-write", { indexes: ["byDomain"] }],
      ],
      [this.mail, [core, "read-write", { indexes: ["byKind"] }], [sessions, "read-write"]],
      [
        this.admin,
        [secrets, "write"],
        [core, "read-write", { lists: true, indexes: ["byKind"] }],
        [sessions, "read-write", { indexes: ["byDomain"] }],
      ],
      [this.events, [core, "read-write", { indexes: ["byEndpoint"] }]],
      [
        this.housekeeping,
        [secrets, "delete"],
        [core, "read-write", { lists: true, indexes: ["byKind"] }],
        [sessions, "read-write", { indexes: ["byDomain"] }],
      ],
    ];
    for (const [{ role }, ...tables] of rights)
      for (const [table, access, finding] of tables) table.allow(role, access, finding);
  }

  #grantSns(applications: readonly PlatformApplication[]): void {
    if (applications.length === 0) return;
    letLookAtCredentials(this.admin, applications);
    // The operator's test push takes the same way as a PBX's.
    for (const sender of [this.push, this.admin])
      letPush(sender, applications, ["sns:Publish", "sns:SetEndpointAttributes"]);
  }

  #connectQueues(): void {
    for (const sender of [this.session, this.push, this.registration, this.admin, this.housekeeping])
      this.checks.queue.grantSendMessages(sender.role);
    for (const sender of [this.registration, this.admin, this.housekeeping])
      this.mails.queue.grantSendMessages(sender.role);
    this.housekeeping.workOff(this.checks, 10);
    orderDaily(this, "Tidy", this.checks, { kind: "tidy" });
    this.mail.workOff(this.mails, 1);
    this.events.workOff(this.feedback, 10);
  }
}

const vaultNames = (scope: Construct, applications: readonly PlatformApplication[]): string =>
  Stack.of(scope).toJsonString(Object.fromEntries(applications.map(({ watched: { id, secret } }) => [id, secret])));

const appsText = (scope: Construct, { applications, canaryPhone }: FunctionsProps): string => {
  const apps: readonly App[] = [...applications.map(({ app }) => app), canaryPhone.app];
  return Stack.of(scope).toJsonString(apps);
};
