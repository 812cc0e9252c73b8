/** Events as API Gateway passes them to push and session. */
/** With 500 bytes instead of the encrypted part. */
export const post = (number: number | string, device = "ab".repeat(32)): string => {
  const token = `ios-call:${device}`;
  return JSON.stringify({ mt: "PushNotifyPost", src: String(number), token, type: "call", data: "x".repeat(500) });
};

/** A different token for each number. */
export const tokenOf = (number: number) => (2 ** 32 + number).toString(16).padStart(64, "0");

export const message = (connectionId: string, body: string) => ({
  ...socketEvent("MESSAGE", "$default", connectionId),
  body,
});

export const socketEvent = (eventType: string, routeKey: string, connectionId: string) => ({
  requestContext: {
    connectionId,
    requestId: "r",
    routeKey,
    eventType,
    requestTimeEpoch: Date.now(),
    identity: { sourceIp: "192.0.2.1" },
  },
});
