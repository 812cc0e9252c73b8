import { phonesIn } from "../../core/domains/recent-posts.ts";
import { mayDo, type Visitor } from "../../core/domains/visitor.ts";
import type { Untestable } from "../../core/push/device.ts";
import type { PushErr, PushError } from "../../core/push/push-error.ts";
import { type AccountKey, accountKey } from "../../core/shared/names.ts";
import { fail, ok, type Result } from "../../core/shared/result.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { allowHourly, type HourlyLimitPorts } from "../shared/hourly-limit.ts";
import { accountsUnder, ownersPosts, type OwnerPostsPorts } from "../domains/owner-view.ts";
import type { OwnerError } from "../domains/owner-commands.ts";

export interface OwnerTestPorts extends OwnerPostsPorts, HourlyLimitPorts {
  readonly limits: Pick<Limits, "testPushesPerDomainPerHour">;
  /** Sends to a phone known by its row and awaits the outcome (usecases/admin/test-push.ts). Throws DependencyError. */
  readonly testKnownPhone: (phone: {
    readonly account: AccountKey;
    readonly actor: "owner";
    readonly device: string;
    readonly app: string;
  }) => Promise<Result<{ readonly error?: PushError; readonly later?: "gone" | "bad-message" | "none" }, Untestable>>;
}

/**
 * What became of an owner's test push. `accepted`: no failure was reported within seconds either. `gone`: the phone's
 * app was removed. `bad-message`: the vendor refuses the message. `app-down`: the vendor takes nothing for this app.
 * `failed`: any other error. `unlisted`: the phone is in none of the recent posts that the owner sees. Others:
 * core/push/device.ts.
 */
export type TestOutcome = "accepted" | "bad-message" | "app-down" | "failed" | "unlisted" | Untestable;

/**
 * Sends a test push to a phone that the visitor's domain has recently used, by the key of its device row. Throws
 * DependencyError.
 */
export type OwnerTestPush = (visitor: Visitor, device: string) => Promise<Result<TestOutcome, OwnerError>>;

const OUTCOME_OF: { readonly [Err in PushErr]?: TestOutcome } = {
  Uninstalled: "gone",
  GcmNotRegistered: "gone",
  ApnInvalidToken: "gone",
  GcmInvalidReg: "gone",
  ApnServiceDown: "app-down",
  GcmAuthentication: "app-down",
  ApnProcessingErr: "bad-message",
  GcmBadRequest: "bad-message",
};

export function ownerTestPush(ports: OwnerTestPorts): OwnerTestPush {
  const { domains, limits, testKnownPhone } = ports;
  return async (visitor, device) => {
    const { account, emailKey } = visitor;
    if (!mayDo(visitor)) return fail("scope");
    const domain = await domains.find(account);
    if (domain?.owner !== emailKey) return fail("not-yours");
    if (domain.state === "suspended") return fail("suspended");
    const posts = await ownersPosts(ports, domain, await accountsUnder(ports, account));
    const phone = typeof posts === "string" ? undefined : phonesIn(posts.posts).find((each) => each.device === device);
    if (phone === undefined) return ok("unlisted");
    const key = accountKey(account);
    const allowed = await allowHourly(ports, "test-pushes-domain", key.domain, limits.testPushesPerDomainPerHour);
    if (!allowed) return fail("limited");
    const tested = await testKnownPhone({ account: key, actor: "owner", device, app: phone.app });
    if (!tested.ok) return ok(tested.error);
    const { error, later } = tested.value;
    if (error !== undefined) return ok(OUTCOME_OF[error.err] ?? "failed");
    return ok(later === undefined || later === "none" ? "accepted" : later);
  };
}
