import { failureEvent, type ApplicationEvent } from "./events.ts";
import type { Phones } from "../phones/phones.ts";
import type { Store } from "../store.ts";
import {
  type Application,
  type Dwell,
  type FailureType,
  isVoip,
  type LedgerEntry,
  type MessageAttributes,
} from "../types.ts";
import { vendorRequest } from "./vendor-request.ts";

/** A push that Publish has accepted. */
export interface Accepted {
  readonly messageId: string;
  readonly endpointArn: string;
  readonly application: Application;
  readonly attributes: MessageAttributes;
  readonly body: string;
  /** In s. */
  readonly ttl: number;
}

export interface DeliveryOptions {
  readonly store: Store;
  readonly phones: Phones;
  readonly now: () => number;
  /** Runs a job later, counted as pending. */
  readonly later: (ms: number, job: () => void) => void;
  readonly dwellMs: () => number;
  readonly publishEvent: (event: ApplicationEvent) => void;
  /** Called when a push has ended, for the application's delivery status log. */
  readonly log: (application: Application, delivered: boolean) => void;
}

const ledgerSize = 10_000;

/** Draws a dwell time in ms. `random` in [0, 1). */
export function drawDwell(dwell: Dwell, random: () => number): number {
  if (dwell.slow !== undefined && random() < dwell.slow.share) return dwell.slow.ms;
  return dwell.minMs + (dwell.maxMs - dwell.minMs) * random();
}

/**
 * TTL below the dwell time: not sent. 0 means "now or never" to Apple and Google, but SNS does not forward it for VoIP.
 */
function expired(accepted: Accepted, dwellMs: number): boolean {
  if (accepted.ttl === 0) return isVoip(accepted.application.platform);
  return accepted.ttl * 1000 <= dwellMs;
}

/** The way from SNS to the phone: dwell, TTL, vendor. Failures become events, and dead endpoints are disabled. */
export class Deliveries {
  readonly #options: DeliveryOptions;
  #ledger: LedgerEntry[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** How accepted pushes ended, newest last, bounded. */
  ledger(): readonly LedgerEntry[] {
    return this.#ledger;
  }

  clear(): void {
    this.#ledger = [];
  }

  accept(accepted: Accepted): void {
    const { now, later, dwellMs } = this.#options;
    const acceptedAt = now();
    const dwell = dwellMs();
    later(dwell, () => this.#deliver(accepted, acceptedAt, Math.max(dwell, now() - acceptedAt)));
  }

  #deliver(accepted: Accepted, acceptedAt: number, dwellMs: number): void {
    const { store, phones, now } = this.#options;
    const at = now();
    const end = (outcome: LedgerEntry["outcome"], reason?: string) => {
      const { messageId, endpointArn } = accepted;
      this.#ledger.push({
        messageId,
        endpointArn,
        outcome,
        ...(reason === undefined ? {} : { reason }),
        acceptedAt,
        at,
      });
      if (this.#ledger.length > ledgerSize) this.#ledger.shift();
      this.#options.log(accepted.application, outcome === "delivered");
      if (outcome !== "delivered") this.#report(accepted, outcome, at);
    };
    const endpoint = store.endpoints.get(accepted.endpointArn);
    if (endpoint === undefined) return end("EndpointNotFound");
    if (endpoint.attributes.get("Enabled") !== "true") return end("EndpointDisabled");
    if (expired(accepted, dwellMs)) return end("NotificationTTLExpired");
    const ttl = accepted.ttl === 0 ? 0 : Math.max(1, Math.round(accepted.ttl - dwellMs / 1000));
    const outcome = phones.deliver(
      accepted.application,
      vendorRequest(endpoint, accepted.attributes, accepted.body, ttl),
      at,
    );
    if (outcome.ok) return end("delivered");
    if (outcome.type === "InvalidPlatformToken") endpoint.attributes.set("Enabled", "false");
    end(outcome.type, outcome.reason);
  }

  #report(accepted: Accepted, type: FailureType, at: number): void {
    const { endpointArn, messageId } = accepted;
    const event = failureEvent(accepted.application, { endpointArn, messageId, type, at });
    if (event !== undefined) this.#options.publishEvent(event);
  }
}
