import { isProvisional, type Claim, type Domain } from "../../core/domains/domain.ts";
import { accountKey } from "../../core/shared/names.ts";
import type { ClaimView, DomainView, Visitor } from "../../core/domains/visitor.ts";
import { isPartOf } from "../../core/domains/accounts.ts";
import { claimOf, moveOf } from "../../core/domains/ownership.ts";
import { type PostsView, viewPosts, WATCH_LINE, withoutAccounts } from "../../core/domains/recent-posts.ts";
import type { Limits, OwnersLimits } from "../../core/shared/limits.ts";
import { TXT_BYTES, TXT_LIFE_MS, txtName, txtValue, type Challenge } from "../../core/domains/proof/txt-proof.ts";
import type { Clock, Random } from "../../ports/clock.ts";
import type { DomainReader, Domains, RecentPostsReader, TxtValues } from "../../ports/domains.ts";
import type { SocketActivity, Sockets } from "../../ports/pbx.ts";
import type { HourlyLimitPorts } from "../shared/hourly-limit.ts";
import { refusedLoginsOf, withActivity } from "../pbx/connection-details.ts";
import { isCoveredBy } from "./close-connections.ts";

export interface OwnerPostsPorts {
  readonly domains: DomainReader;
  /** Undefined if the stage keeps none. */
  readonly recentPosts: RecentPostsReader | undefined;
  readonly clock: Clock;
}

export interface OwnerViewPorts extends OwnerPostsPorts, HourlyLimitPorts {
  readonly domains: Domains;
  readonly sockets: Pick<Sockets, "ofDomain" | "refusedLogins"> & SocketActivity;
  readonly txtValues: TxtValues;
  readonly random: Random;
  readonly limits: OwnersLimits & Pick<Limits, "proofsPerAddressPerHour" | "activityPerAddressPerHour">;
}

/** More are of no use on a page; these include a few from every network (core/pbx/refused-logins.ts). */
const MAX_SHOWN = 100;

/**
 * The domain as this visitor may see it now. Throws DependencyError.
 *
 * @param activity whether to look up when each of an owner's connected PBXes was last active, given how many there are
 */
export async function viewDomain(
  ports: OwnerViewPorts,
  visitor: Visitor,
  activity: (pbxes: number) => Promise<boolean>,
): Promise<DomainView> {
  const { account, emailKey, scope } = visitor;
  const domain = await ports.domains.find(account);
  const now = ports.clock.now();
  const claim = claimOf(domain, now);
  const move = moveOf(domain, now);
  const isOwner = domain?.owner === emailKey;
  if (scope === "object" && isOwner && claim !== undefined)
    return { role: "objector", account, claim: claimView(claim) };
  if (isOwner && scope === undefined) return ownersView(ports, visitor, domain, activity);
  if (move?.to === emailKey && scope !== "object") return { role: "successor", account, expiresAt: move.expiresAt };
  if (scope !== undefined) return { role: "done-link", account };
  if (claim?.claimant === emailKey) return claimantsView(account, claim);
  return { role: "unrelated", account, challenge: await challengeFor(ports, visitor) };
}

/** What is shown of a claim, without the text of its record. */
export const claimView = ({ claimant, madeAt, objectUntil, objectedAt }: Claim): ClaimView => ({
  claimant,
  madeAt,
  objectUntil,
  ...(objectedAt !== undefined && { objectedAt }),
});

/** The same value for the same visitor, until it is used or expires. */
export async function challengeFor(
  { txtValues, clock, random }: OwnerViewPorts,
  { account, emailKey }: Visitor,
): Promise<Challenge> {
  const now = clock.now();
  const fresh = { value: txtValue(random.bytes(TXT_BYTES)), expiresAt: now + TXT_LIFE_MS };
  return { name: txtName(account), ...(await txtValues.current(account, emailKey, fresh, now)) };
}

function claimantsView(domain: string, claim: Claim): DomainView {
  const { value } = claim;
  return {
    role: "claimant",
    account: domain,
    claim: claimView(claim),
    ...(value !== undefined && { record: { name: txtName(domain), value } }),
  };
}

async function ownersView(
  ports: OwnerViewPorts,
  visitor: Visitor,
  domain: Domain,
  activity: (pbxes: number) => Promise<boolean>,
): Promise<DomainView> {
  const { limits, telemetry } = ports;
  const now = ports.clock.now();
  const { account, state, secrets, move } = domain;
  const claim = claimOf(domain, now);
  const provisional = isProvisional(domain);
  const accounts = accountsUnder(ports, account);
  const [connections, refusedLogins, posts] = await Promise.all([
    ports.sockets.ofDomain(accountKey(account).domain),
    refusedLoginsOf(ports.sockets, account, MAX_SHOWN),
    accounts.then((under) => ownersPosts(ports, domain, under)),
  ]);
  // From now on, new posts are shown without delay.
  if (posts !== "off") telemetry.log("info", WATCH_LINE, { account });
  const hidden = hiddenIn(domain, await accounts);
  const own = connections.filter(({ login }) => isCoveredBy(login, account) && !hidden.has(login.account));
  const asked = await activity(own.length);
  return {
    role: "owner",
    account,
    state,
    standing: provisional ? "provisional" : "proven",
    secrets,
    connections: asked ? await withActivity(ports.sockets, own) : own,
    activity: asked,
    posts,
    limits,
    refusedLogins: refusedLogins.filter((each) => !hidden.has(each.account)),
    accounts: (await accounts)
      .filter((each) => !hidden.has(each.account))
      .map((each) => ({ account: each.account, state: each.state, createdAt: each.createdAt })),
    ...(move !== undefined && move.expiresAt > now && { change: { to: move.to, expiresAt: move.expiresAt } }),
    ...(claim !== undefined && { claim: claimView(claim) }),
    ...(provisional && { challenge: await challengeFor(ports, visitor) }),
  };
}

/** Accounts with a secret of their own under a domain. Throws DependencyError. */
export const accountsUnder = async ({ domains }: OwnerPostsPorts, account: string): Promise<readonly Domain[]> =>
  account.includes("/") ? [] : domains.accountsOf(account);

/** Those that are not part of the domain: the operator set them up for someone else. */
const hiddenIn = (domain: Domain, accounts: readonly Domain[]): ReadonlySet<string> =>
  new Set(accounts.flatMap((each) => (isPartOf(each, domain) ? [] : [each.account])));

/** What the domain's owner may see of its posts. Throws DependencyError. */
export async function ownersPosts(
  { recentPosts, clock }: OwnerPostsPorts,
  domain: Domain,
  accounts: readonly Domain[],
): Promise<PostsView | "none" | "off"> {
  if (recentPosts === undefined) return "off";
  const { account, secrets, ownerSince } = domain;
  const kept = await recentPosts.find(accountKey(account).domain);
  if (kept === undefined) return "none";
  const seen = viewPosts(kept, account, secrets, clock.now(), ownerSince);
  return withoutAccounts(seen, hiddenIn(domain, accounts));
}
