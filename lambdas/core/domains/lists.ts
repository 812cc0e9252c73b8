import { domainToASCII, domainToUnicode } from "node:url";
import type { Domain } from "./domain.ts";

/**
 * Sorted lists for the operator's console, so that a page reads only the rows that it shows: domains by the Unicode
 * form of an internationalized name, by owner, and those that are suspended, claimed, or never connected.
 */
export const LISTS = ["name", "owner", "suspended", "claimed", "unused"] as const;
export type DomainList = (typeof LISTS)[number];

/** The name as people write it: `münchen.example` for `xn--mnchen-3ya.example`. @param account key */
export const readableName = (account: string): string =>
  account.replace(/[^/]*/u, (domain) => domainToUnicode(domain) || domain);

/** A domain's key in a list; undefined if it is not in that list. */
export function listKey(list: DomainList, domain: Domain): string | undefined {
  const { account, owner, state, claim, firstLoginAt } = domain;
  const name = readableName(account);
  switch (list) {
    case "name":
      return name === account ? undefined : name;
    case "owner":
      return owner;
    case "suspended":
      return state === "suspended" ? account : undefined;
    case "claimed":
      return claim && account;
    case "unused":
      return firstLoginAt === undefined ? account : undefined;
  }
}

/** Part of a list: entries that begin with `prefix`, without those of earlier parts. `all`: every domain by its key. */
export interface ListPart {
  readonly list: DomainList | "all";
  readonly prefix: string;
  readonly leftOut: (domain: Domain) => boolean;
}

const none = () => false;

/** What someone wants to see: one list, or the domains that match a search. */
export type Wanted = { readonly list: "suspended" | "claimed" | "unused" } | { readonly search: string };

/** Longest search text, in characters: the longest email address. */
const MAX_SEARCHED = 254;
const cut = (text: string): string => text.slice(0, MAX_SEARCHED).toWellFormed();

/**
 * The parts of a view, in order: domains whose key, then whose Unicode form, then whose owner's address begins with the
 * text. No domain is in two of them.
 */
export function partsOf(wanted: Wanted): readonly ListPart[] {
  if ("list" in wanted) return [{ list: wanted.list, prefix: "", leftOut: none }];
  // Cut again: both steps can lengthen a text, and a DynamoDB sort key has at most 1,024 bytes.
  const text = cut(cut(wanted.search).normalize("NFC").trim().toLowerCase());
  const byKey = { list: "all", prefix: text, leftOut: none } as const;
  if (text === "") return [byKey];
  const foundByKey = ({ account }: Domain) => account.startsWith(text);
  const foundByName = (domain: Domain) => foundByKey(domain) || readableName(domain.account).startsWith(text);
  return [
    byKey,
    { list: "name", prefix: text, leftOut: foundByKey },
    { list: "owner", prefix: cut(addressKey(text)), leftOut: foundByName },
  ];
}

/** Addresses are stored with their domain in A-label form. */
function addressKey(text: string): string {
  const at = text.lastIndexOf("@");
  return at < 0 ? text : text.slice(0, at + 1) + (domainToASCII(text.slice(at + 1)) || text.slice(at + 1));
}
