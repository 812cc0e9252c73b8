import type { ConnectionDetails } from "../pbx/connection.ts";
import type { KeptRefusedLogin } from "../pbx/refused-logins.ts";
import type { SecretMarks } from "../pbx/secret.ts";
import type { CodeLock } from "../shared/code.ts";
import type { Language } from "../shared/language.ts";
import type { OwnersLimits } from "../shared/limits.ts";
import type { Challenge } from "./proof/txt-proof.ts";
import type { PostsView } from "./recent-posts.ts";

/**
 * Someone who has shown that they read an address's email, and the account they came for. Their role (owner, successor,
 * claimant, unrelated) is read from the domain at every step, never kept.
 */
export interface Visitor {
  /** Account key (core/shared/names.ts). */
  readonly account: string;
  /** Email key (core/shared/email.ts). */
  readonly emailKey: string;
  readonly language?: Language;
  /** What their link is limited to. Absent: they may do whatever their role allows. */
  readonly scope?: LinkScope;
}

/** What a link that stays valid for days may do: object to a claim, or confirm a change of address. */
export type LinkScope = "object" | "confirm";

/**
 * What a link in an email leads to. A link to the whole page asks for the code shown in the window where it was
 * requested, and works once. A link with a scope was sent unasked; it works as often as someone, or a mail scanner,
 * follows it.
 */
export interface AccessLink {
  readonly visitor: Visitor;
  readonly lock?: LinkLock;
}

interface LinkLock extends CodeLock {
  /** Address that the request came from; absent in links of earlier versions. */
  readonly source?: string;
}

/** Whether a visitor's link allows something. @param scope the scope that it belongs to */
export const mayDo = (visitor: Visitor, scope?: LinkScope): boolean =>
  visitor.scope === undefined || visitor.scope === scope;

/** A claim as both sides see it. Times in Unix ms. */
export interface ClaimView {
  /** Email key. */
  readonly claimant: string;
  readonly madeAt: number;
  /** Until then the owner may object; then the operator decides. */
  readonly objectUntil: number;
  readonly objectedAt?: number;
}

/** An account that is part of a domain, as the domain's owner sees it. Times in Unix ms. */
interface AccountView {
  readonly account: string;
  readonly state: "active" | "suspended";
  readonly createdAt: number;
}

/** A domain as its owner sees it. */
export interface OwnerView {
  readonly account: string;
  readonly state: "active" | "suspended";
  /** Provisional: anyone who proves control of the domain gets it immediately. */
  readonly standing: "provisional" | "proven";
  readonly secrets: SecretMarks;
  /** Who is logged in; `login.secretId` says with which secret. */
  readonly connections: readonly ConnectionDetails[];
  /** Whether `lastActiveAt` of the connections was looked up just now. */
  readonly activity: boolean;
  /** Nothing from an earlier owner. `none`: no post is known. `off`: the stage keeps none. */
  readonly posts: PostsView | "none" | "off";
  readonly limits: OwnersLimits;
  /** Refused logins of the last week, newest first. Most come from the owner's own PBXes, but anybody can cause one. */
  readonly refusedLogins: readonly KeptRefusedLogin[];
  /** Accounts under the domain with a secret of their own, which the operator has set up. */
  readonly accounts: readonly AccountView[];
  /** A change of address that the new one has yet to confirm. */
  readonly change?: { readonly to: string; readonly expiresAt: number };
  readonly claim?: ClaimView;
  /** For a provisional domain: how to prove it. */
  readonly challenge?: Challenge;
}

/** What a visitor sees of the domain. Anybody unrelated learns nothing, not even whether it is registered. */
export type DomainView =
  | ({ readonly role: "owner" } & OwnerView)
  /** The new address of a change, which has yet to confirm. */
  | { readonly role: "successor"; readonly account: string; readonly expiresAt: number }
  /** Who has claimed a proven domain. */
  | {
      readonly role: "claimant";
      readonly account: string;
      readonly claim: ClaimView;
      readonly record?: Omit<Challenge, "expiresAt">;
    }
  | { readonly role: "unrelated"; readonly account: string; readonly challenge: Challenge }
  /** The owner, through a link for objecting. */
  | { readonly role: "objector"; readonly account: string; readonly claim: ClaimView }
  /** Anyone, through a link that has done its job or is no longer theirs; says nothing about the domain. */
  | { readonly role: "done-link"; readonly account: string };
