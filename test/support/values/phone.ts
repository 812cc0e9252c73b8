import type { Message } from "../../../lambdas/core/push/message.ts";

/** What the phone's app gets of a message. */
export const phoneGets = (message: Message): Readonly<Record<string, unknown>> =>
  message.platform === "GCM" ? message.message.data : (JSON.parse(message.payload) as Record<string, unknown>);
