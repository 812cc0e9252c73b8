import * as v from "valibot";

/** What the operator's API answers, as far as it is printed for people. Times in Unix ms. */

const Mark = v.object({ id: v.string(), issuedAt: v.number() });
export const Claim = v.object({
  claimant: v.string(),
  madeAt: v.number(),
  objectUntil: v.number(),
  objectedAt: v.optional(v.number()),
});
export const Domain = v.looseObject({
  account: v.string(),
  state: v.string(),
  origin: v.string(),
  owner: v.optional(v.string()),
  proof: v.optional(v.string()),
  createdAt: v.number(),
  changedAt: v.number(),
  firstLoginAt: v.optional(v.number()),
  endsAt: v.optional(v.number()),
  move: v.optional(v.looseObject({ to: v.string(), expiresAt: v.number() })),
  claim: v.optional(v.looseObject(Claim.entries)),
  secrets: v.object({ current: Mark, previous: v.optional(v.object({ ...Mark.entries, validUntil: v.number() })) }),
});
export const Issued = v.looseObject({ ...Domain.entries, secret: v.string(), url: v.string() });
export const List = v.object({ domains: v.array(Domain), next: v.optional(v.string()) });
const History = v.array(
  v.looseObject({
    at: v.number(),
    action: v.string(),
    actor: v.string(),
    by: v.optional(v.string()),
    from: v.optional(v.string()),
    to: v.optional(v.string()),
    other: v.optional(v.string()),
    detail: v.optional(v.string()),
  }),
);
export const Past = v.object({ account: v.string(), history: History });
export const Shown = v.looseObject({
  ...Domain.entries,
  connections: v.array(
    v.looseObject({
      connectionId: v.string(),
      connectedAt: v.number(),
      lastActiveAt: v.optional(v.number()),
      source: v.string(),
      login: v.looseObject({ account: v.string(), secretId: v.string(), at: v.number(), dn: v.optional(v.string()) }),
      pbx: v.optional(
        v.looseObject({ pbx: v.optional(v.string()), version: v.optional(v.string()), build: v.optional(v.string()) }),
      ),
    }),
  ),
  refusedLogins: v.array(
    v.object({ account: v.string(), source: v.string(), at: v.number(), reason: v.string(), refusals: v.number() }),
  ),
  suppression: v.optional(v.looseObject({ reason: v.string(), at: v.number(), until: v.optional(v.number()) })),
  history: History,
});
/** The TXT record of a claim, looked up now. */
export const Record = v.object({ account: v.string(), record: v.picklist(["found", "missing", "unreachable"]) });
export const Closed = v.object({ account: v.string(), closed: v.number() });
export const Resent = v.object({ account: v.string(), resent: v.number() });

export const Suppressions = v.object({
  suppressions: v.array(
    v.object({ address: v.string(), reason: v.string(), at: v.number(), until: v.optional(v.number()) }),
  ),
  next: v.optional(v.string()),
});

export const Tested = v.object({
  error: v.optional(v.object({ err: v.string(), info: v.optional(v.string()) })),
  app: v.optional(v.string()),
  type: v.optional(v.string()),
  ms: v.number(),
  later: v.optional(v.picklist(["gone", "bad-message", "none"])),
  waitedMs: v.optional(v.number()),
});

const Problem = v.object({ problem: v.string() });
export const Apps = v.object({
  apps: v.array(
    v.object({
      app: v.object({ id: v.string(), platform: v.string(), bundle: v.string(), default: v.boolean() }),
      application: v.union([v.object({ enabled: v.boolean(), expiresAt: v.optional(v.number()) }), Problem]),
      credential: v.union([v.object({ changedAt: v.number(), expiresAt: v.optional(v.number()) }), Problem]),
    }),
  ),
});
