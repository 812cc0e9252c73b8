import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { App } from "../lambdas/core/push/apps.ts";
import type { Entrypoint } from "../lambdas/env.ts";
import type { Provider } from "./console/provider.ts";
import { AdminFunction } from "./functions/admin.ts";
import { ConsoleFunction } from "./functions/console.ts";
import { EventsFunction } from "./functions/events.ts";
import { HousekeepingFunction } from "./functions/housekeeping.ts";
import { MailFunction } from "./functions/mail.ts";
import { PushFunction } from "./functions/push.ts";
import { RegistrationFunction } from "./functions/registration.ts";
import { SessionFunction } from "./functions/session.ts";
import type { AllParts } from "./functions/shared/parts.ts";
import { ServiceFunction } from "./functions/shared/service-function.ts";
import { WorkQueue } from "./queues/work-queue.ts";

export interface FunctionsProps extends Omit<AllParts, "checks" | "mails" | "feedback" | "apps"> {
  /** Identity provider of the console; undefined if the stage has none. */
  readonly provider: Provider | undefined;
}

/** The functions behind APIs and queues, and the queues between them. Each file of functions/ defines one function. */
export class Functions extends Construct {
  readonly session: SessionFunction;
  readonly push: PushFunction;
  readonly registration: RegistrationFunction;
  readonly admin: AdminFunction;
  readonly console: ConsoleFunction | undefined;
  readonly checks: WorkQueue;
  readonly mails: WorkQueue;
  readonly feedback: WorkQueue;

  /** What the dashboard and alarms watch. */
  get all(): readonly ServiceFunction<Entrypoint>[] {
    return this.node.children.filter((child) => child instanceof ServiceFunction);
  }

  constructor(scope: Construct, id: string, { provider, ...given }: FunctionsProps) {
    super(scope, id);
    const checks = (this.checks = new WorkQueue(this, "Checks"));
    const mails = (this.mails = new WorkQueue(this, "Mails"));
    const feedback = (this.feedback = new WorkQueue(this, "Feedback"));
    const apps: readonly App[] = [...given.applications.map(({ app }) => app), given.canaryPhone.app];
    const props = { ...given, checks, mails, feedback, apps: Stack.of(this).toJsonString(apps) };
    this.session = new SessionFunction(this, props);
    this.push = new PushFunction(this, props);
    this.registration = new RegistrationFunction(this, props);
    new MailFunction(this, props);
    this.admin = new AdminFunction(this, props);
    this.console = provider && new ConsoleFunction(this, { ...props, provider });
    new EventsFunction(this, props);
    new HousekeepingFunction(this, props);
  }
}
