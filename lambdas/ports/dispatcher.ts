import type { App } from "../core/push/apps.ts";
import type { Message } from "../core/push/message.ts";

/** What the channel to the phones said to a wake-up. `accepted` means taken, not delivered. */
export type Dispatched =
  | { readonly outcome: "accepted"; readonly messageId: string }
  | { readonly outcome: "disabled" | "not-found" | "application-down" | "bad-token" | "too-big" }
  | { readonly outcome: "rejected"; readonly code: string };

/**
 * The channel to the phones; SNS is one adapter. Endpoints are the channel's own names for device tokens: a channel that
 * has none takes the token itself. Messages are the vendors', so that a channel of their own could join.
 * All throw DependencyError for throttling, time-outs and lost connections; none tries again by itself.
 * `limit`: ms after which the call is ended.
 */
export interface Dispatcher {
  /** The endpoint of a token, made if there is none; undefined if the token is none of the vendor's. */
  register(app: Pick<App, "platform" | "applicationArn">, device: string, limit: number): Promise<string | undefined>;
  /** Switches a disabled endpoint on again; false if there is no such endpoint. */
  enable(endpoint: string, device: string, limit: number): Promise<boolean>;
  send(endpoint: string, message: Message, limit: number): Promise<Dispatched>;
}
