import { asObject, jsonObject, member } from "../../aws/json.ts";
import type { Application, FailureType, Push, VendorRequest } from "../types.ts";
import { refusalOf } from "../delivery/vendors.ts";

export interface PhonesOptions {
  /** Id of the app that an application stands for; default: the last segment of its ARN. */
  readonly appOf?: (applicationArn: string) => string;
  /** How many pushes are kept, default 10,000. */
  readonly keep?: number;
}

export type Delivery =
  | { readonly ok: true }
  | { readonly ok: false; readonly type: FailureType; readonly reason: string };

/** iOS tokens are hex in either case, FCM's are case-sensitive. */
const phoneKey = (token: string): string => (/^[\da-f]+$/iu.test(token) ? token.toLowerCase() : token);

/** Apple, Google and all phones: any well-formed device token is a phone. */
export class Phones {
  readonly #options: PhonesOptions;
  readonly #uninstalled = new Set<string>();
  readonly #badCredentials = new Set<string>();
  readonly #unreachable = new Set<string>();
  #pushes: Push[] = [];

  constructor(options: PhonesOptions = {}) {
    this.#options = options;
  }

  /** Newest last. */
  list(): readonly Push[] {
    return this.#pushes;
  }

  clear(): void {
    this.#pushes = [];
  }

  /** Uninstalls the app from the phone of that token: the vendor no longer knows the registration. */
  uninstall(token: string): void {
    this.#uninstalled.add(phoneKey(token));
  }

  reinstall(token: string): void {
    this.#uninstalled.delete(phoneKey(token));
  }

  /** Wrong credentials, or sandbox and production mixed up: the vendor calls every token of the app invalid. */
  setCredentials(app: string, valid: boolean): void {
    if (valid) this.#badCredentials.delete(app);
    else this.#badCredentials.add(app);
  }

  /** The vendor answers no request for the app: pushes fail for good, endpoints stay enabled. */
  setReachable(app: string, reachable: boolean): void {
    if (reachable) this.#unreachable.delete(app);
    else this.#unreachable.add(app);
  }

  appOf(application: Application): string {
    return this.#options.appOf?.(application.arn) ?? application.name;
  }

  /** One request to Apple or Google. `at`: now, in Unix ms. */
  deliver(application: Application, request: VendorRequest, at: number): Delivery {
    const app = this.appOf(application);
    if (this.#unreachable.has(app)) return { ok: false, type: "DeliveryFailedPerm", reason: "ServiceUnavailable" };
    if (this.#badCredentials.has(app)) return { ok: false, type: "InvalidPlatformToken", reason: "BadDeviceToken" };
    const refusal = refusalOf(request, application.attributes.get("ApplePlatformBundleID"));
    if (refusal !== undefined) return { ok: false, type: "InvalidNotification", reason: refusal };
    if (this.#uninstalled.has(phoneKey(request.token))) {
      return {
        ok: false,
        type: "InvalidPlatformToken",
        reason: request.platform === "GCM" ? "UNREGISTERED" : "Unregistered",
      };
    }
    const { platform, body, token, ...headers } = request;
    const parsed = jsonObject(body) ?? {};
    const payload = platform === "GCM" ? (asObject(member(parsed, "data")) ?? {}) : parsed;
    this.#pushes.push({ app, platform, token, ...headers, payload, at });
    const excess = this.#pushes.length - (this.#options.keep ?? 10_000);
    if (excess > 0) this.#pushes.splice(0, excess);
    return { ok: true };
  }
}
