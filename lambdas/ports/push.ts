import type { Breaker } from "../core/push/breaker.ts";
import type { Device } from "../core/push/device.ts";
import type { EndpointsMade } from "../core/push/new-tokens.ts";
import type { Dispatched, Enabled, Marks } from "../core/push/dispatch.ts";
import type { LoggedIn } from "../core/pbx/connection.ts";
import type { App, Platform } from "../core/push/apps.ts";
import type { Message } from "../core/push/message.ts";

/** What a post needs to know; undefined members were not asked for or do not exist. */
interface PostContext {
  readonly session: LoggedIn | undefined;
  /** The device row as any tenant sees it; `seenBy` narrows it to what one domain may see. */
  readonly device: DeviceRow | undefined;
  /** The app's circuit breaker, open or closed again; undefined if it never opened. */
  readonly breaker: Breaker | undefined;
}

/** What is known about a device, independent of the tenant. */
export type Known = Pick<PostContext, "device" | "breaker">;

/** A device row with all its tenants. */
export interface DeviceRow {
  /** The row as the tenant (a domain key) may see it. */
  seenBy(domain: string): Device;
  /** Whether another tenant has used the token too; the row does not tell whether it still does. */
  isShared(domain: string): boolean;
}

export interface PostContextStore {
  /**
   * One consistent read of everything asked for; a device with its app's breaker. Throws DependencyError.
   *
   * @param limit ms after which the read is given up
   */
  read(
    ask: { readonly connectionId?: string; readonly deviceKey?: string; readonly app?: string },
    limit: number,
  ): Promise<PostContext>;
}

/** A change to a device row; absent members stay. Times in Unix ms. */
export interface DeviceChange extends Marks {
  readonly app: string;
  readonly domain: string;
  readonly usedAt: number;
  /** Only when a token is first seen; sealed for a move to another Region, readable only with the operator's key. */
  readonly token?: string;
}

export interface Devices {
  /**
   * Writes a change, creating the row if there is none; returns the row as it is then, or undefined if it has no
   * endpoint. Throws DependencyError.
   */
  remember(deviceKey: string, change: DeviceChange, limit: number): Promise<DeviceRow | undefined>;
  /**
   * The same, if these members of the row are still as they were seen; otherwise does nothing and returns undefined.
   * One of many concurrent callers succeeds. Throws DependencyError.
   */
  compareAndSet(
    deviceKey: string,
    change: DeviceChange & Pick<Device, "endpointArn">,
    seen: Pick<Device, "enabledAt" | "goneAt">,
    limit: number,
  ): Promise<DeviceRow | undefined>;
  /**
   * Forgets that a device is gone, and when it was tried since; events from before `at` (Unix ms) are then ignored.
   * False if neither is remembered. Throws DependencyError.
   */
  forgetGone(deviceKey: string, at: number, limit: number): Promise<boolean>;
}

/** How many tokens of a domain became endpoints, in all execution environments together. */
export interface NewTokens {
  /** Counts one more, at `at` (Unix ms), and returns the new counts. Throws DependencyError. */
  add(domain: string, at: number, limit: number): Promise<EndpointsMade>;
}

/**
 * The channel to the phones; SNS is one adapter. Endpoints are the channel's own names for device tokens: a channel
 * that has none takes the token itself. Messages are in the vendors' terms, so that another channel could be added. All
 * throw DependencyError for throttling, time-outs and lost connections; none retries by itself. `limit`: ms after which
 * the call is ended.
 */
export interface Dispatcher {
  /** The endpoint of a token, made if there is none; undefined if the token is not one of the vendor's. */
  register(app: Pick<App, "platform" | "applicationArn">, device: string, limit: number): Promise<string | undefined>;
  /** Switches a disabled endpoint on again. */
  enable(endpoint: string, device: string, limit: number): Promise<Enabled>;
  send(endpoint: string, message: Message, limit: number): Promise<Dispatched>;
}

/** A device row as the events function sees it. Times in Unix ms. */
export interface KnownDevice {
  readonly key: string;
  readonly app: string;
  readonly goodSince: number | undefined;
  readonly enabledAt: number | undefined;
  /** Names of the attributes that hold the device's tenants. */
  readonly tenants: readonly string[];
}

/** What later outcomes show about devices. All throw DependencyError. */
export interface Outcomes {
  /** The device of an endpoint, or undefined; a row written a moment ago may not be found yet. */
  find(endpointArn: string): Promise<KnownDevice | undefined>;
  /** Marks a device gone; false if it is already marked, or was enabled or its mark forgotten since `at`. */
  markGone(key: string, at: number): Promise<boolean>;
  /** Forgets an endpoint that SNS has lost, unless the row has another by now. */
  forgetEndpoint(key: string, endpointArn: string): Promise<void>;
  /** Counts a message that the vendor refused, for one tenant, in windows (core/push/device.ts). */
  strike(key: string, tenant: string, at: number): Promise<void>;
  /** Counts a once-good token of an app that was disabled in this minute; returns the minute's count. */
  countDisabled(app: string, at: number): Promise<number>;
  breakerOf(app: string): Promise<Breaker | undefined>;
  openBreaker(app: string, breaker: Breaker): Promise<void>;
}

/** SNS platform applications. Attributes hold a credential: they are never logged. */
export interface PlatformApplications {
  /** Whether there was one to update. Throws DependencyError. */
  update(arn: string, attributes: Readonly<Record<string, string>>): Promise<boolean>;
  /** Returns the ARN. Throws DependencyError. */
  create(name: string, platform: Platform, attributes: Readonly<Record<string, string>>): Promise<string>;
}

export interface CredentialSecrets {
  /** Text of the secret with that name or ARN. Throws DependencyError. */
  read(secret: string): Promise<string>;
}

export interface PublicKeys {
  /** SPKI DER of the key's public half, in base64. Throws DependencyError. */
  publicKey(keyArn: string): Promise<string>;
}

/** The end of a custom resource's request (docs.aws.amazon.com, "Custom resource response objects"). */
export interface StackAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

export interface Stacks {
  /** Answers CloudFormation, which waits for it up to an hour. Throws DependencyError. */
  answer(url: string, answer: StackAnswer): Promise<void>;
}
