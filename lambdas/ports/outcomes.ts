/** A device row as the events function sees it. Times in Unix ms. */
export interface KnownDevice {
  readonly key: string;
  readonly app: string;
  readonly createdAt: number;
  readonly enabledAt: number | undefined;
  /** Names of the attributes that hold the device's tenants. */
  readonly tenants: readonly string[];
}

/** What later outcomes teach about devices. All throw DependencyError. */
export interface Outcomes {
  /** The device of an endpoint, or undefined. */
  find(endpointArn: string): Promise<KnownDevice | undefined>;
  markGone(key: string, at: number): Promise<void>;
  /** Forgets an endpoint that SNS has lost, unless the row has another by now. */
  forgetEndpoint(key: string, endpointArn: string): Promise<void>;
  /** Counts a message that the vendor refused, for one tenant. */
  strike(key: string, tenant: string, at: number): Promise<void>;
  /** Counts a once-good token of an app that was disabled in this minute; returns the minute's count. */
  countDisabled(app: string, at: number): Promise<number>;
  breakerOpenUntil(app: string): Promise<number>;
  openBreaker(app: string, until: number): Promise<void>;
}
