import type { ConnectionDetails } from "../pbx/connection.ts";
import type { KeptRefusedLogin } from "../pbx/refused-logins.ts";
import type { SecretMarks } from "../pbx/secret.ts";
import type { CodeLock } from "../shared/code.ts";
import type { Language } from "../shared/language.ts";
import type { OwnersLimits } from "../shared/limits.ts";
import type { Challenge } from "./proof/txt-proof.ts";
import type { PostsView } from "./recent-posts.ts";

/**
 * Someone who has shown to read the mail of an address, and the account they came for. Who they are to it (owner,
 * successor, claimant, nobody) is read from the domain at every step, never kept.
 */
export interface Visitor {
  /** Account key (core/shared/names.ts). */
  readonly account: string;
  /** Email key (core/shared/email.ts). */
  readonly emailKey: string;
  /** In which they read. */
  readonly language?: Language;
  /** What the link that they came by is limited to; without, they may do whatever their role in the domain allows. */
  readonly scope?: LinkScope;
}

/** What a link that stays valid for days may do: object to a claim, or confirm a change of address. */
export type LinkScope = "object" | "confirm";

/**
 * What a link in an email leads to. One to the whole page asks for the code that stands in the window where it was
 * requested, and serves once. One with a scope came unasked: it serves as often as someone, or a mail scanner, follows it.
 */
export interface AccessLink {
  readonly visitor: Visitor;
  readonly lock?: LinkLock;
}

interface LinkLock extends CodeLock {
  /** Address that the request came from; absent in links of earlier versions. */
  readonly source?: string;
}

/** Whether a visitor may do something, as far as the link that they came by decides. @param scope that it is part of */
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

/** What its owner sees of a domain. */
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
  /** Nothing of an earlier owner's. `none`: no post is known. `off`: the stage keeps none. */
  readonly posts: PostsView | "none" | "off";
  readonly limits: OwnersLimits;
  /** The last refused logins of a week, newest first; most are of one's own PBXes, but anybody can try. */
  readonly refusedLogins: readonly KeptRefusedLogin[];
  /** Accounts under the domain with a secret of their own, which the operator has set up. */
  readonly accounts: readonly AccountView[];
  /** A change of address that waits for the new one. */
  readonly change?: { readonly to: string; readonly expiresAt: number };
  readonly claim?: ClaimView;
  /** For a provisional domain: how to prove it. */
  readonly challenge?: Challenge;
}

/** What a visitor sees of the domain. Anybody unrelated learns nothing, not even whether it is registered. */
export type DomainView =
  | ({ readonly role: "owner" } & OwnerView)
  /** The new address of a change that waits for it. */
  | { readonly role: "successor"; readonly account: string; readonly expiresAt: number }
  /** Who has claimed a proven domain. */
  | {
      readonly role: "claimant";
      readonly account: string;
      readonly claim: ClaimView;
      readonly record?: Omit<Challenge, "expiresAt">;
    }
  | { readonly role: "unrelated"; readonly account: string; readonly challenge: Challenge }
  /** The owner, by a link that is for objecting. */
  | { readonly role: "objector"; readonly account: string; readonly claim: ClaimView }
  /** Anybody by a link whose scope is done, or is theirs no more: it says nothing of the domain. */
  | { readonly role: "done-link"; readonly account: string };
