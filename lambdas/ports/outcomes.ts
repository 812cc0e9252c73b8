import type { Breaker } from "../core/push/breaker.ts";

/** A device row as the events function sees it. Times in Unix ms. */
export interface KnownDevice {
  readonly key: string;
  readonly app: string;
  readonly goodSince: number | undefined;
  readonly enabledAt: number | undefined;
  /** Names of the attributes that hold the device's tenants. */
  readonly tenants: readonly string[];
}

/** What later outcomes teach about devices. All throw DependencyError. */
export interface Outcomes {
  /** The device of an endpoint, or undefined; a row written a moment ago may not be found yet. */
  find(endpointArn: string): Promise<KnownDevice | undefined>;
  /** Marks a device gone; false if it is so already, or was switched on since `at`. */
  markGone(key: string, at: number): Promise<boolean>;
  /** Forgets an endpoint that SNS has lost, unless the row has another by now. */
  forgetEndpoint(key: string, endpointArn: string): Promise<void>;
  /** Counts a message that the vendor refused, for one tenant, in windows (core/device.ts). */
  strike(key: string, tenant: string, at: number): Promise<void>;
  /** Counts a once-good token of an app that was disabled in this minute; returns the minute's count. */
  countDisabled(app: string, at: number): Promise<number>;
  breakerOf(app: string): Promise<Breaker | undefined>;
  openBreaker(app: string, breaker: Breaker): Promise<void>;
}
