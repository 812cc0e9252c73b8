import type { Language } from "../shared/language.ts";

/**
 * Somebody who has shown to read the mail of an address, and the account they came for. Who they are to it (owner,
 * successor, claimant, nobody) is read from the domain at every step, never kept.
 */
export interface Visitor {
  /** Account key (core/shared/names.ts). */
  readonly domain: string;
  /** E-mail key (core/shared/email.ts). */
  readonly emailKey: string;
  /** In which they read. */
  readonly language?: Language;
  /** They came by a link that is for this and nothing else; without, they may do what their part in the domain allows. */
  readonly only?: Errand;
}

/** What a link that lies in a mailbox for days is good for: to object to a claim, to confirm a change of address. */
export type Errand = "object" | "confirm";

/** Whether a visitor may do something, as far as the link that they came by decides. @param errand that it is part of */
export const mayDo = ({ only }: Visitor, errand?: Errand): boolean => only === undefined || only === errand;
