import { randomUUID } from "node:crypto";
import type { Actions } from "./api/actions.ts";
import { applicationActions } from "./endpoints/applications.ts";
import { createControl, type SnsControl } from "./control.ts";
import { Deliveries, drawDwell } from "./delivery/delivery.ts";
import { endpointActions } from "./endpoints/endpoints.ts";
import { Bucket } from "../aws/bucket.ts";
import { AwsError } from "../aws/protocols.ts";
import { throttled } from "./api/errors.ts";
import { type ApplicationEvent, endpointEvent } from "./delivery/events.ts";
import { type DeliverToQueue, fanOut } from "./topics/fan-out.ts";
import { Jobs } from "./jobs.ts";
import { Phones, type PhonesOptions } from "./phones/phones.ts";
import { publishAction } from "./delivery/publish.ts";
import { Query } from "./api/query.ts";
import { Store } from "./store.ts";
import { topicActions } from "./topics/topics.ts";
import {
  type Application,
  defaultSettings,
  type Message,
  type SnsSettings,
  type Throttle,
  type Topic,
} from "./types.ts";
import { resultXml, snsErrorXml } from "./api/xml.ts";

export type { SnsControl } from "./control.ts";

export interface SnsRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Form-encoded. */
  readonly body: string;
}

interface SnsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** XML. */
  readonly body: string;
}

/** An injected fault of a call. Without `code` the call is only late. */
export interface Fault {
  readonly code?: string;
  /** HTTP status, default 500. */
  readonly status?: number;
  readonly message?: string;
  /** The answer comes this many ms later. */
  readonly latencyMs?: number;
  /** The call takes effect although it seems to fail: a failed Publish may have been accepted. */
  readonly taken?: boolean;
}

export interface SnsSimulatorOptions extends PhonesOptions {
  readonly region: string;
  readonly account: string;
  readonly settings?: Partial<SnsSettings>;
  readonly clock?: { now(): number };
  /** In [0, 1); draws dwell times. */
  readonly random?: () => number;
  /** Receives messages for SQS subscriptions; without it they are dropped. */
  readonly deliverToQueue?: DeliverToQueue;
  /** Whether SNS may publish an application's events on that topic; default: it may. */
  readonly mayPublish?: (topicArn: string, applicationArn: string) => boolean;
  /** Called for each line of a delivery status log, without its text, which holds device tokens. */
  readonly deliveryLog?: (line: DeliveryLogLine) => void;
  /** Receives application events; default: their topic in this simulator and its subscribers. */
  readonly publishEvent?: (topicArn: string, message: string, subject: string) => void | Promise<void>;
  /** Called before every call. */
  readonly fault?: (action: string) => Fault | undefined;
}

/** A line that SNS writes to CloudWatch Logs as the application's feedback role. */
export interface DeliveryLogLine {
  readonly application: string;
  /** ARN. */
  readonly role: string;
  readonly logGroup: string;
}

export interface SnsSimulator {
  handle(request: SnsRequest): Promise<SnsResponse>;
  readonly control: SnsControl;
}

/** An SNS with its AWS Query protocol and its quirks, and the phones behind it. `handle` never rejects. */
export function createSnsSimulator(options: SnsSimulatorOptions): SnsSimulator {
  let settings: SnsSettings = { ...defaultSettings, ...options.settings };
  const now = () => options.clock?.now() ?? Date.now();
  const random = options.random ?? Math.random;
  const store = new Store(options.region, options.account);
  const phones = new Phones(options);
  const jobs = new Jobs();
  const buckets = { publish: new Bucket(), endpoints: new Bucket() };

  const deliveries = new Deliveries({
    store,
    phones,
    now,
    later: (ms, job) => jobs.later(ms, job),
    dwellMs: () => drawDwell(settings.dwell, random),
    publishEvent: emit,
    log: logDelivery,
  });
  const accept = deliveries.accept.bind(deliveries);

  /** Source: SNS Developer Guide, "Delivery status": names of the log groups, and the sample of successes in percent. */
  function logDelivery({ arn, platform, name, attributes }: Application, delivered: boolean): void {
    const role = attributes.get(delivered ? "SuccessFeedbackRoleArn" : "FailureFeedbackRoleArn") ?? "";
    const percent = delivered ? Number(attributes.get("SuccessFeedbackSampleRate") ?? 0) : 100;
    if (role === "" || (percent < 100 && (percent === 0 || random() * 100 >= percent))) return;
    const logGroup = `sns/${options.region}/${options.account}/app/${platform}/${name}${delivered ? "" : "/Failure"}`;
    options.deliveryLog?.({ application: arn, role, logGroup });
  }

  function publishToTopic(topic: Topic, message: Message): void {
    const deliverToQueue = options.deliverToQueue ?? (() => undefined);
    for (const job of fanOut({ store, now, accept, deliverToQueue }, topic, message)) jobs.track(job);
  }

  function emit(event: ApplicationEvent | undefined): void {
    if (event === undefined || options.mayPublish?.(event.topicArn, event.source) === false) return;
    if (options.publishEvent !== undefined) {
      const { topicArn, message, subject } = event;
      jobs.track(Promise.resolve().then(() => options.publishEvent?.(topicArn, message, subject)));
      return;
    }
    const topic = store.topics.get(event.topicArn);
    const { message: text, subject } = event;
    if (topic !== undefined)
      publishToTopic(topic, { id: randomUUID(), text, subject, structured: false, attributes: new Map() });
  }

  const actions: Actions = {
    ...applicationActions(store),
    ...endpointActions({
      store,
      emit: (type, { application, arn }) => emit(endpointEvent(application, type, arn, now())),
      eventually: (change) => (settings.attributeLagMs > 0 ? jobs.later(settings.attributeLagMs, change) : change()),
    }),
    ...topicActions(store, options.account),
    Publish: publishAction({ store, settings: () => settings, accept, fanOut: publishToTopic }),
  };

  function run(query: Query, requestId: string): SnsResponse {
    try {
      const action = Object.hasOwn(actions, query.action) ? actions[query.action] : undefined;
      if (action === undefined) {
        throw new AwsError("InvalidAction", `Could not find operation ${query.action} for version 2010-03-31`);
      }
      const quota = quotaOf(query.action);
      if (quota !== undefined && !buckets[quota].take(settings.throttle[quota], undefined, now())) throw throttled();
      return response(200, resultXml(query.action, action(query), requestId), requestId);
    } catch (error) {
      if (error instanceof AwsError) return refusal(error, requestId);
      console.error("sns simulator:", error);
      return refusal(new AwsError("InternalError", "the simulator failed", 500), requestId);
    }
  }

  return {
    async handle(request) {
      const requestId = randomUUID();
      const query = new Query(request.body);
      const fault = options.fault?.(query.action);
      const answer = fault?.code === undefined || fault.taken === true ? run(query, requestId) : undefined;
      if (fault?.latencyMs !== undefined) await jobs.sleep(fault.latencyMs);
      if (fault?.code === undefined && answer !== undefined) return answer;
      const { code = "InternalError", status = 500, message = "simulated fault" } = fault ?? {};
      return refusal(new AwsError(code, message, status), requestId);
    },
    control: createControl({
      store,
      phones,
      deliveries,
      jobs,
      set: (changes) => {
        settings = { ...settings, ...changes };
      },
    }),
  };
}

const response = (status: number, body: string, requestId: string): SnsResponse => ({
  status,
  headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  body,
});

const refusal = (error: AwsError, requestId: string): SnsResponse =>
  response(error.status, snsErrorXml(error, requestId), requestId);

/** The quota that an action counts towards; other actions are not limited here. */
function quotaOf(action: string): keyof Throttle | undefined {
  if (action === "Publish") return "publish";
  return /^(?:CreatePlatformEndpoint|DeleteEndpoint|[GS]etEndpointAttributes)$/u.test(action) ? "endpoints" : undefined;
}
