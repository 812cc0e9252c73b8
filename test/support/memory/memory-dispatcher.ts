import type { Message } from "../../../lambdas/core/push/message.ts";
import type { Clock } from "../../../lambdas/ports/clock.ts";
import type { Dispatcher } from "../../../lambdas/ports/push.ts";

/** The endpoints behind the dispatcher, which can be lost and disabled. */
export interface Endpoints {
  readonly pushes: readonly { readonly endpoint: string; readonly message: Message; readonly at: number }[];
  /** Endpoint of a device token, if there is one. */
  endpointOf(device: string): string | undefined;
  switchOff(device: string): void;
  lose(device: string): void;
}

/** @param lag ms after which a switched-on endpoint is on */
export function memoryDispatcher(
  clock: Clock,
  lag = 0,
): { readonly dispatcher: Dispatcher; readonly phones: Endpoints } {
  const endpoints = new Map<string, { device: string; onFrom: number }>();
  const pushes: { endpoint: string; message: Message; at: number }[] = [];
  const endpointOf = (device: string) => [...endpoints].find(([, endpoint]) => endpoint.device === device)?.[0];
  let made = 0;
  const phones: Endpoints = {
    pushes,
    endpointOf,
    switchOff(device) {
      for (const endpoint of endpoints.values()) if (endpoint.device === device) endpoint.onFrom = Infinity;
    },
    lose(device) {
      endpoints.delete(endpointOf(device) ?? "");
    },
  };
  const dispatcher: Dispatcher = {
    async register({ platform }, device) {
      await clock.sleep(20);
      const known = endpointOf(device);
      if (known !== undefined) return known;
      made += 1;
      const arn = `arn:aws:sns:eu-central-1:111111111111:endpoint/${platform}/phone/${made}`;
      endpoints.set(arn, { device, onFrom: 0 });
      return arn;
    },
    async enable(arn) {
      await clock.sleep(20);
      const endpoint = endpoints.get(arn);
      if (endpoint !== undefined) endpoint.onFrom = Math.min(endpoint.onFrom, clock.now() + lag);
      return endpoint === undefined ? "not-found" : "on";
    },
    async send(arn, message) {
      await clock.sleep(30);
      const endpoint = endpoints.get(arn);
      if (endpoint === undefined) return { outcome: "not-found" };
      if (endpoint.onFrom > clock.now()) return { outcome: "disabled" };
      pushes.push({ endpoint: arn, message, at: clock.now() });
      return { outcome: "accepted", messageId: String(pushes.length) };
    },
  };
  return { dispatcher, phones };
}
