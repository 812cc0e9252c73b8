import type { Language } from "../shared/language.ts";
import type { LinkScope } from "./visitor.ts";

/** What a notice is about, by who reads it. */
export const noticeKinds = {
  /** The person who asked for a link to the domain's page. */
  access: "visitor",
  /** Owner: a further Connect window, opened from `source`, was given the secret there is. */
  joined: "owner",
  /** Owner: a new secret was issued; the old one counts until `until`, or no more if there is none. */
  replaced: "owner",
  /** Owner: the old secret is no longer valid. */
  "old-secret-ended": "owner",
  /** The new address: someone wants the domain to be reached here from now on; confirm by the link until `until`. */
  "address-asked": "successor",
  /** The old address: the domain belongs to `other` now; the new one: it belonged to `other` before. */
  "address-changed": "former",
  "address-taken": "owner",
  /** Owner: the owner gave the domain up; it is free. */
  released: "owner",
  /** Owner, by the operator. */
  added: "owner",
  deleted: "owner",
  suspended: "owner",
  resumed: "owner",
  disconnected: "owner",
  /** Owner: the domain is proven by DNS now; no proof of another address beats it at once. */
  proven: "owner",
  /** Former owner of a provisional registration: `other` has proven the domain; it is theirs with a new secret. */
  taken: "former",
  /** Owner: `other` claims the domain by DNS. Object by the link until `until`; then the operator decides. */
  claimed: "owner",
  /** Claimant: the claim stands; the owner may object until `until`, then the operator decides. */
  "claim-made": "claimant",
  /** Owner: they, or the operator in their name, objected to the claim of `other`. */
  objected: "owner",
  /** Claimant: the owner objected; the operator decides. */
  "claim-objected": "claimant",
  /** Claimant: the domain is yours, with a new secret that nobody has seen: get it on the domain's page. */
  "claim-granted": "claimant",
  /** Former owner: the operator gave the domain to `other`; the secret is no longer valid. */
  "claim-lost": "former",
  /** Claimant and owner: the domain stays with its owner. */
  "claim-denied": "claimant",
  "claim-fended": "owner",
  /** Owner: nobody decided on the claim of `other` in time; it has ended. */
  "claim-lapsed": "owner",
  /** Claimant: nobody decided in time, or the domain was given up: ask again, or register it. */
  "claim-ended": "claimant",
  /** Former and new owner: the operator gave the domain to another address, with a new secret that nobody has seen. */
  "transferred-away": "former",
  "transferred-to": "owner",
  /** Owner: nobody ever logged in; the registration ends at `until` unless someone does. */
  expiring: "owner",
  /** Owner: it has ended; the domain is free. */
  expired: "owner",
} as const;

export type NoticeKind = keyof typeof noticeKinds;

/** One mail about one account that is to go out. Times in Unix ms. */
export interface Notice {
  readonly kind: NoticeKind;
  /** Account key. */
  readonly account: string;
  /** Email key: where it goes. */
  readonly to: string;
  readonly at: number;
  readonly language?: Language;
  /** Email key of the other party. */
  readonly other?: string;
  readonly until?: number;
  /** Address from which the link, or the secret, was requested. */
  readonly source?: string;
  /** Of the code that stands in the window where the link was requested; it belongs to the notice's id. */
  readonly codeHash?: string;
  /** Done by the operator rather than by the owner. */
  readonly byOperator?: boolean;
}

/** How long the link in such a mail leads to the domain's page, in ms; the others carry none. */
export const LINK_LIFE_MS: Readonly<Partial<Record<NoticeKind, number>>> = {
  access: 60 * 60_000, // 1 hour
  claimed: 7 * 24 * 60 * 60_000, // 7 days: as long as the owner may object
  "address-asked": 24 * 60 * 60_000, // 24 hours: as long as the change may be confirmed
};

/** What such a link is for, where it lives so long that a finder must not get the whole page. */
export const LINK_SCOPE: Readonly<Partial<Record<NoticeKind, LinkScope>>> = {
  claimed: "object",
  "address-asked": "confirm",
};
