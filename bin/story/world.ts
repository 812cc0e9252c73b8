import type { Api } from "../admin/api.ts";

export interface Login {
  readonly account: string;
  readonly secret: string;
}

/** What an operator does there. */
export interface Operator {
  /** Sets an account up. */
  add(account: string): Promise<Login>;
  /** How many PBXes of a domain are connected. */
  connections(domain: string): Promise<number>;
  remove(account: string): Promise<void>;
}

/** What a phone received last, and its reaction. */
interface Received {
  readonly app: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly does: string;
  /** Why, in words for people. */
  readonly why: string;
  /** In s. */
  readonly ttl?: number;
}

export interface Phones {
  /** @param device token of the device, without its app */
  received(device: string): Received | undefined;
  /** Uninstalls the app from that phone. */
  uninstall(device: string): void;
}

/**
 * Where the story runs. Undefined members are not available: a real stage has neither a readable mailbox nor phones.
 */
export interface World {
  /** The Push object's URL. */
  readonly url: string;
  /** The PBX leaves out the URL's last component. */
  readonly strip?: boolean;
  /** Base of the pages. */
  readonly pages: string;
  /** An unregistered domain. */
  readonly domain: string;
  /** The login to use without a registration. */
  readonly login?: Login;
  /** The link in the newest email to an address, once there is one. */
  readonly mailbox?: (address: string) => string | undefined | Promise<string | undefined>;
  readonly phones?: Phones;
  readonly operator?: Operator;
  /** Ends the story. */
  readonly signal: AbortSignal;
}

/** The operator of a stage, through its API. */
export const operatorBy = (api: Api): Operator => ({
  add: async (account) => ({ account, secret: (await api.call("POST", "/domains", { body: { account } })).secret }),
  connections: async (account) => (await api.call("GET", "/domain", { query: { account } })).connections.length,
  remove: async (account) => void (await api.call("DELETE", "/domain", { query: { account } })),
});
