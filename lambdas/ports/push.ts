import type { Breaker } from "../core/push/breaker.ts";
import type { Device } from "../core/push/device.ts";
import type { LoggedIn } from "./sessions.ts";

/** What a post needs to know; undefined members were not asked for or do not exist. */
export interface CallContext {
  readonly session: LoggedIn | undefined;
  /** The device row as any tenant sees it; `seenBy` narrows it to what one domain may see. */
  readonly device: DeviceRow | undefined;
  /** The app's circuit breaker, open or closed again; undefined if it never opened. */
  readonly breaker: Breaker | undefined;
}

/** What is known of a device, whoever asks. */
export type Known = Pick<CallContext, "device" | "breaker">;

/** A device row with all its tenants. */
export interface DeviceRow {
  /** The row as the tenant (a domain key) may see it. */
  seenBy(domain: string): Device;
}

export interface CallContextStore {
  /**
   * One consistent read of everything asked for. Throws DependencyError.
   *
   * @param limit ms after which the read is given up
   */
  read(
    ask: { readonly connectionId?: string; readonly deviceKey?: string; readonly app: string },
    limit: number,
  ): Promise<CallContext>;
}

/** A change to a device row; what is absent stays. Times in Unix ms. */
export interface DeviceChange {
  readonly app: string;
  readonly domain: string;
  readonly usedAt: number;
  readonly endpointArn?: string;
  /** Only for a token's first sight; sealed for the Region move, readable by the operator's key alone. */
  readonly token?: string;
  /** null: it was not switched on after all. */
  readonly enabledAt?: number | null;
  /** null: no wake-up is known to have been accepted. */
  readonly goodSince?: number | null;
  /** null: the token is known again. */
  readonly goneAt?: number | null;
}

export interface Devices {
  /**
   * Writes a change, creating the row if there is none; returns the row as it is then, or undefined if it has no
   * endpoint. Throws DependencyError.
   */
  remember(deviceKey: string, change: DeviceChange, limit: number): Promise<DeviceRow | undefined>;
  /**
   * The same, if these members of the row are still as they were seen, else nothing is done and undefined returned:
   * of many who change them at once one succeeds. Throws DependencyError.
   */
  claim(
    deviceKey: string,
    change: DeviceChange & Pick<Device, "endpointArn">,
    seen: Pick<Device, "enabledAt" | "goneAt">,
    limit: number,
  ): Promise<DeviceRow | undefined>;
}
