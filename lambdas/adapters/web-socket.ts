import type { Answer, PbxDialer, PbxLine } from "../ports/monitoring.ts";
import { DependencyError, type FailureKind } from "../ports/errors.ts";

/**
 * Opens WebSockets with the runtime's own client. @param url where the API takes connections, with https:
 * `https://HOST/push/ws`
 */
export function webSocketDialer(url: string): PbxDialer {
  return {
    async dial(limit) {
      const socket = new WebSocket(url.replace(/^http/u, "ws"));
      const { promise, resolve, reject } = Promise.withResolvers<PbxLine>();
      socket.addEventListener("open", () => resolve(lineOver(socket)));
      socket.addEventListener("error", () => reject(failure("connect", "unavailable")));
      return within(promise, limit, "connect").catch((error: unknown) => {
        socket.close();
        throw error;
      });
    },
  };
}

function lineOver(socket: WebSocket): PbxLine {
  return {
    async ask(frame, answer, limit) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const hear = ({ data }: { readonly data: unknown }) => {
        const heard = parse(data);
        if (heard["mt"] === answer) resolve(heard);
        // API Gateway's own frames, for instance about throttling, have no `mt`.
        else if (heard["mt"] === undefined) reject(failure(frame.mt, "rejected"));
      };
      const gone = () => reject(failure(frame.mt, "reset"));
      socket.addEventListener("message", hear);
      socket.addEventListener("close", gone);
      try {
        if (socket.readyState !== WebSocket.OPEN) gone();
        else socket.send(JSON.stringify(frame));
        return await within(promise, limit, frame.mt);
      } finally {
        socket.removeEventListener("message", hear);
        socket.removeEventListener("close", gone);
      }
    },
    close: () => socket.close(),
  };
}

const failure = (what: string, kind: FailureKind) => new DependencyError(`websocket.${what}`, kind);

async function within<T>(promise: Promise<T>, limit: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(failure(what, "timeout")), limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function parse(data: unknown): Answer {
  try {
    const value: unknown = JSON.parse(String(data));
    return typeof value === "object" && value !== null ? (value as Answer) : {};
  } catch {
    return {};
  }
}
