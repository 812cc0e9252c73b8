import type { Language } from "../shared/language.ts";
import type { LinkScope } from "./visitor.ts";

/** What a notice is about, by who reads it. */
export const noticeKinds = {
  /** The person who asked for a link to the domain's page. */
  access: "visitor",
  /** Owner: another Connect window, opened from `source`, got the existing secret. */
  joined: "owner",
  /** Owner: a new secret was issued; the old one is valid until `until`, or no longer if that is absent. */
  replaced: "owner",
  /** Owner: the old secret is no longer valid. */
  "old-secret-ended": "owner",
  /** New address: the owner wants to move the domain here; confirm by the link before `until`. */
  "address-asked": "successor",
  /** Old address: the domain now belongs to `other`. New address: it belonged to `other` before. */
  "address-changed": "former",
  "address-taken": "owner",
  /** Owner: they deleted the registration; the domain is free. */
  released: "owner",
  /** Owner: the operator did it. */
  added: "owner",
  deleted: "owner",
  suspended: "owner",
  resumed: "owner",
  disconnected: "owner",
  /** Owner: the domain is now proven by DNS; another address can only claim it. */
  proven: "owner",
  /** Former owner of a provisional registration: `other` has shown a right to it and owns it now, with a new secret. */
  taken: "former",
  /** Owner: `other` claims the domain by DNS. Object by the link before `until`; then the operator decides. */
  claimed: "owner",
  /** Claimant: the claim is made; the owner may object until `until`, then the operator decides. */
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
  /** Claimant: nobody decided in time, or the domain was deleted or transferred: ask again, or register it. */
  "claim-ended": "claimant",
  /** Former and new owner: the operator gave the domain to another address, with a new secret that nobody has seen. */
  "transferred-away": "former",
  "transferred-to": "owner",
  /** Owner: no PBX has ever logged in; the registration ends at `until` unless one does. */
  expiring: "owner",
  /** Owner: it has ended; the domain is free. */
  expired: "owner",
} as const;

export type NoticeKind = keyof typeof noticeKinds;

/** An email about one account, to be sent. Times in Unix ms. */
export interface Notice {
  readonly kind: NoticeKind;
  /** Account key. */
  readonly account: string;
  /** Email key of the reader. */
  readonly to: string;
  readonly at: number;
  readonly language?: Language;
  /** Email key of the other party. */
  readonly other?: string;
  readonly until?: number;
  /** Address from which the link, or the secret, was requested. */
  readonly source?: string;
  /** Hash of the code shown in the window where the link was requested; bound to the notice's id. */
  readonly codeHash?: string;
  /** Done by the operator rather than by the owner. */
  readonly byOperator?: boolean;
}

/** How long the link in such an email is valid, in ms; other emails have none. */
export const LINK_LIFE_MS: Readonly<Partial<Record<NoticeKind, number>>> = {
  access: 60 * 60_000, // 1 hour
  claimed: 7 * 24 * 60 * 60_000, // 7 days: as long as the owner may object
  "address-asked": 24 * 60 * 60_000, // 24 hours: as long as the change may be confirmed
};

/** Scope of links that live so long that a finder must not get the whole page. */
export const LINK_SCOPE: Readonly<Partial<Record<NoticeKind, LinkScope>>> = {
  claimed: "object",
  "address-asked": "confirm",
};
