import type { CodeLock } from "../shared/code.ts";
import type { Language } from "../shared/language.ts";

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

export interface LinkLock extends CodeLock {
  /** Address that the request came from; absent in links of earlier versions. */
  readonly source?: string;
}

/** Whether a visitor may do something, as far as the link that they came by decides. @param scope that it is part of */
export const mayDo = (visitor: Visitor, scope?: LinkScope): boolean =>
  visitor.scope === undefined || visitor.scope === scope;
