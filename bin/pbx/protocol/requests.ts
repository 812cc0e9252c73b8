import { performance } from "node:perf_hooks";
import { pbxError } from "../errors.ts";

/** An answer and the time it took, in ms. */
interface Answer<T> {
  readonly value: T;
  readonly ms: number;
}

/** Pending requests by key; each gets its answer, or `no-result` on a timeout or the connection's end. */
export interface Requests<T> {
  start(key: string, timeoutMs: number): Promise<Answer<T>>;
  /** False if no request with that key is pending. */
  settle(key: string, value: T): boolean;
  /** Key of the oldest pending request. */
  oldest(): string | undefined;
  /** Fails all pending and all later requests. */
  end(reason: string): void;
}

export function requests<T>(name: string): Requests<T> {
  const underWay = new Map<string, { done(value: T): void; fail(why: "timeout" | "closed", message: string): void }>();
  let ended: string | undefined;
  return {
    start: (key, timeoutMs) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const settled = () => {
          clearTimeout(timer);
          underWay.delete(key);
        };
        const fail = (why: "timeout" | "closed", message: string) => {
          settled();
          reject(pbxError(`${name} got no answer: ${message}`, { kind: "no-result", why }));
        };
        const timer = setTimeout(() => fail("timeout", `${timeoutMs} ms have passed`), timeoutMs);
        underWay.set(key, {
          fail,
          done: (value) => {
            settled();
            resolve({ value, ms: performance.now() - startedAt });
          },
        });
        if (ended !== undefined) fail("closed", ended);
      }),
    settle: (key, value) => {
      const request = underWay.get(key);
      request?.done(value);
      return request !== undefined;
    },
    oldest: () => underWay.keys().next().value,
    end: (reason) => {
      ended = reason;
      underWay.forEach((request) => request.fail("closed", reason));
    },
  };
}
