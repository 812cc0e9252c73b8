import * as v from "valibot";
import type { Limits } from "../../lambdas/core/shared/limits.ts";
import { whole } from "./values.ts";

const count = (usual: number) => v.optional(whole(1, 1_000_000, "a count, at least 1"), usual);
/** Our own limits with their defaults. lambdas/core/shared/limits.ts says what each one counts. */
export const limits = v.strictObject({
  mailsPerAddressPerHour: count(3),
  mailsPerAddressPerDay: count(10),
  mailsPerDomainPerHour: count(3),
  mailsPerDomainPerDay: count(10),
  mailsPerDay: count(2_000),
  memberMailsPerAddressPerDay: count(30),
  noticesPerAddressPerDay: count(200),
  requestsPerSourcePerHour: count(30),
  proofsPerAddressPerHour: count(60),
  activityPerAddressPerHour: count(60),
  testPushesPerDomainPerHour: count(5),
  wrongCodesPerRegistration: count(5),
  failedLoginsPerSourceAndAccountPerMinute: count(10),
  postsPerDomainPerSecond: count(1_000),
  newTokensPerDomainInFirstHour: count(2_000),
  newTokensPerDomainPerHour: count(100),
  postsPerTokenAtOnce: count(20),
  disabledTokensPerMinute: count(50),
} satisfies Record<keyof Limits, v.GenericSchema>);

const throttle = (rate: number, burst: number) =>
  v.optional(
    v.strictObject({
      rate: v.optional(whole(1, 10_000, "requests per second"), rate),
      burst: v.optional(whole(1, 5_000, "requests at once"), burst),
    }),
    {},
  );
/** API Gateway's own throttles. The account's 10,000 requests per second are shared by all APIs of the Region. */
export const throttles = v.strictObject({
  connect: throttle(500, 500),
  login: throttle(500, 1_000),
  keepAlive: throttle(4_000, 4_000),
  post: throttle(2_000, 2_000),
  other: throttle(500, 500),
  web: throttle(100, 200),
  admin: throttle(20, 50),
});

/** The firewall's limits per address within five minutes. It runs at the edge, so only with a hostName. */
export const wafDefaults = { handshakes: 20_000, requests: 2_000 } as const;
export const waf = v.strictObject({
  handshakes: v.optional(
    whole(10, 2_000_000, "handshakes of PBXes, many of which may share an address"),
    wafDefaults.handshakes,
  ),
  requests: v.optional(whole(10, 2_000_000, "requests of browsers"), wafDefaults.requests),
});
