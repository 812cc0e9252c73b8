import type { WebSocket } from "ws";
import type { ConnectionFacts } from "./events.ts";

/** Times after which API Gateway ends a connection, in ms. */
export interface ConnectionTimes {
  readonly idleMs: number;
  readonly lifetimeMs: number;
}
export const CONNECTION_TIMES: ConnectionTimes = { idleMs: 10 * 60_000, lifetimeMs: 2 * 3_600_000 };

/** An open socket with API Gateway's clocks. */
export interface Connection {
  readonly facts: ConnectionFacts;
  /** Unix ms of the last data frame, either way. */
  readonly lastActiveAt: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Cuts the socket without a closing handshake. */
  drop(): void;
}

const GOING_AWAY = 1001;

/** Only data frames count as activity; whether a WebSocket ping does is unproven (docs/unproven.md). */
export function openConnection(
  socket: WebSocket,
  facts: ConnectionFacts,
  times: ConnectionTimes,
  onFrame: (text: string) => void,
): Connection {
  let lastActiveAt = Date.now();
  const close = (code: number, reason: string) => socket.close(code, reason);
  const goAway = () => close(GOING_AWAY, "Going away");
  const idle = setTimeout(goAway, times.idleMs);
  const lifetime = setTimeout(goAway, times.lifetimeMs);
  const active = () => {
    lastActiveAt = Date.now();
    idle.refresh();
  };

  socket.on("close", () => {
    clearTimeout(idle);
    clearTimeout(lifetime);
  });
  socket.on("error", () => undefined); // the close event that follows has the code
  socket.on("message", (data: Buffer, binary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (binary) return close(1003, "Binary frames are not supported");
    active();
    onFrame(data.toString("utf8"));
  });

  return {
    facts,
    get lastActiveAt() {
      return lastActiveAt;
    },
    send(text) {
      if (socket.readyState !== socket.OPEN) return;
      active();
      socket.send(text);
    },
    close,
    drop: () => socket.terminate(),
  };
}
