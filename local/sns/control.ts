import { putApplication } from "./endpoints/applications.ts";
import type { Deliveries } from "./delivery/delivery.ts";
import type { Jobs } from "./jobs.ts";
import type { Phones } from "./phones/phones.ts";
import type { Store } from "./store.ts";
import { putSubscription, putTopic } from "./topics/topics.ts";
import type { LedgerEntry, SnsPlatform, SnsSettings } from "./types.ts";

type Texts = Readonly<Record<string, string>>;

/** What templates declare, and what AWS has no API for. For the local host and tests. */
export interface SnsControl {
  readonly phones: Phones;
  /** Adds a platform application without credentials, or changes one in place; returns its ARN. */
  addApplication(application: {
    readonly name: string;
    readonly platform: SnsPlatform;
    /** Apple bundle id: what Apple checks the topic against. */
    readonly bundle?: string;
    /** Further attributes, e.g. EventDeliveryFailure. */
    readonly attributes?: Texts;
  }): string;
  /** Adds a topic (AWS::SNS::Topic); returns its ARN. */
  addTopic(name: string, attributes?: Texts): string;
  /** Adds a subscription (AWS::SNS::Subscription); returns its ARN. Throws an AwsError for what is not simulated. */
  subscribe(subscription: {
    readonly topicArn: string;
    readonly protocol: string;
    readonly endpoint: string;
    readonly attributes?: Texts;
  }): string;
  /** Switches a platform application on or off, as SNS does when its credentials expire. */
  setApplicationEnabled(applicationArn: string, enabled: boolean): void;
  /** Sets when an application's certificate expires, in Unix ms; undefined: it uses a key instead. */
  setCertificateExpiry(applicationArn: string, at: number | undefined): void;
  /** Changes dwell, throttle and other settings from now on. */
  set(settings: Partial<SnsSettings>): void;
  /** How every accepted push ended, newest last, bounded. */
  ledger(): readonly LedgerEntry[];
  /** Empties the pushes and the ledger. */
  clear(): void;
  /** Resolves when everything pending (dwell, events, attribute changes) has happened. */
  settled(): Promise<void>;
  /** Drops everything pending. */
  close(): void;
}

export interface ControlOptions {
  readonly store: Store;
  readonly phones: Phones;
  readonly deliveries: Deliveries;
  readonly jobs: Jobs;
  readonly set: (settings: Partial<SnsSettings>) => void;
}

const mapOf = (texts: Texts | undefined): Map<string, string> => new Map(Object.entries(texts ?? {}));

export const createControl = ({ store, phones, deliveries, jobs, set }: ControlOptions): SnsControl => ({
  phones,
  addApplication: ({ name, platform, bundle, attributes }) => {
    const known: Texts = bundle === undefined ? {} : { ApplePlatformBundleID: bundle };
    return putApplication(store, name, platform, mapOf({ ...known, ...attributes })).arn;
  },
  addTopic: (name, attributes) => putTopic(store, name, mapOf(attributes)).arn,
  subscribe: ({ attributes, ...wanted }) => putSubscription(store, { ...wanted, attributes: mapOf(attributes) }).arn,
  setApplicationEnabled: (arn, enabled) => {
    store.application(arn).attributes.set("Enabled", String(enabled));
  },
  setCertificateExpiry: (arn, at) => {
    const { attributes } = store.application(arn);
    if (at === undefined) attributes.delete("AppleCertificateExpirationDate");
    else attributes.set("AppleCertificateExpirationDate", new Date(at).toISOString());
  },
  set,
  ledger: () => deliveries.ledger(),
  clear: () => {
    phones.clear();
    deliveries.clear();
  },
  settled: () => jobs.settled(),
  close: () => jobs.close(),
});
