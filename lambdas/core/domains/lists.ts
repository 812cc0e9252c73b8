import { domainToASCII, domainToUnicode } from "node:url";
import type { Domain } from "./domain.ts";

/**
 * Lists that the operator's console reads in order, each with nothing in it but what belongs there, so that a page reads
 * what it shows and no more: domains by the Unicode form of an internationalized name, by their owner, and those that are
 * suspended, claimed, or were never connected.
 */
export const LISTS = ["name", "owner", "suspended", "claimed", "unused"] as const;
export type DomainList = (typeof LISTS)[number];

/** The name as people write it: `münchen.example` of `xn--mnchen-3ya.example`. @param account key */
export const readableName = (account: string): string =>
  account.replace(/[^/]*/u, (domain) => domainToUnicode(domain) || domain);

/** What a domain stands under in a list; undefined: it is not in that list. */
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

/** Part of a list: what begins with `prefix`, without what an earlier part holds. `all` holds every domain by its key. */
export interface ListPart {
  readonly list: DomainList | "all";
  readonly prefix: string;
  readonly leftOut: (domain: Domain) => boolean;
}

const none = () => false;

/** What a person sees of the domains: one list, or what begins with a text. */
export type Wanted = { readonly list: "suspended" | "claimed" | "unused" } | { readonly search: string };

/** Longest text that is searched for, in characters: an address. */
const MAX_SEARCHED = 254;
const cut = (text: string): string => text.slice(0, MAX_SEARCHED).toWellFormed();

/**
 * The parts that a view is put together of, in order: keys, then Unicode forms, then owners' addresses that begin with the text.
 * No domain is in two of them.
 */
export function partsOf(wanted: Wanted): readonly ListPart[] {
  if ("list" in wanted) return [{ list: wanted.list, prefix: "", leftOut: none }];
  // Cut again: both can make a text longer, and a key of DynamoDB has 1,024 bytes at most.
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

/** Addresses are stored with their domain as A-label. */
function addressKey(text: string): string {
  const at = text.lastIndexOf("@");
  return at < 0 ? text : text.slice(0, at + 1) + (domainToASCII(text.slice(at + 1)) || text.slice(at + 1));
}
