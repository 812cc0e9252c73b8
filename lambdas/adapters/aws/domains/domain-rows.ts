import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Domain } from "../../../core/domains/domain.ts";
import { listKey, LISTS, type DomainList } from "../../../core/domains/lists.ts";
import { sha256 } from "../../../core/shared/random-text.ts";
import { domainRow } from "../shared/dynamo-keys.ts";
import { deleteIn, putIn, type Condition, type Row } from "../shared/dynamo-table.ts";

/** The kind of a domain's own row. Its copy in a list has the list's name instead: one index serves all. */
export const KIND = "domain";
/**
 * Version of the lists that a row was stored with: one with an older version, or none, is relisted (Domains.relist).
 */
export const LISTED = 1;

export const pkOf = (account: string): string => domainRow(account).pk;
export const accountOf = (pk: unknown): string => String(pk).slice(pkOf("").length);

/** What the keys of a list begin with in the index. */
export const listPrefix = (list: DomainList | "all"): string =>
  list === "name" ? "NAME#" : list === "owner" ? "OWNER#" : pkOf("");

function listRow(list: DomainList, domain: Domain) {
  const key = listKey(list, domain);
  if (key === undefined) return undefined;
  return { pk: `${listPrefix(list)}${key}`, sk: list === "owner" ? sha256(domain.account) : `LIST#${list}` };
}

export const toDomain = ({ pk, sk, kind, listed, account = accountOf(pk), ...domain }: Row): Domain =>
  ({ ...domain, account }) as Domain;

/** With the account as an attribute too: a filter cannot look into the index's own keys. */
const toRow = (domain: Domain) => ({ ...domainRow(domain.account), kind: KIND, listed: LISTED, ...domain });

/** Puts copies of a domain into the lists that it is in now; deletes those in lists that it has left. */
function listWrites(table: string, before: Domain | undefined, after: Domain | undefined): TransactWriteItem[] {
  return LISTS.flatMap((list) => {
    const [old, now] = [before && listRow(list, before), after && listRow(list, after)];
    const moved = old !== undefined && old.pk !== now?.pk;
    return [
      ...(moved ? [deleteIn(table, old)] : []),
      ...(now === undefined ? [] : [putIn(table, { ...now, kind: list, ...after })]),
    ];
  });
}

/**
 * The row is as it was read, and its secret: a name that was deleted and registered again may have the same version.
 */
const unchanged = ({ version, secrets }: Domain): Condition => ({
  when: "version = :version AND secrets.#current.id = :secretId",
  values: { version, secretId: secrets.current.id },
});

/** A domain's row and its copies, if the row is as it was. */
export function domainWrites(
  table: string,
  {
    account,
    before,
    after,
  }: { readonly account: string; readonly before?: Domain | undefined; readonly after?: Domain | undefined },
): TransactWriteItem[] {
  const asBefore = before === undefined ? { when: "attribute_not_exists(pk)" } : unchanged(before);
  return [
    after === undefined ? deleteIn(table, domainRow(account), asBefore) : putIn(table, toRow(after), asBefore),
    ...listWrites(table, before, after),
  ];
}

/** For a row of an earlier version: writes all its copies again, and deletes those that should not exist. */
export const relistWrites = (table: string, domain: Domain): TransactWriteItem[] => {
  const everywhere = { ...domain, state: "suspended", claim: {}, firstLoginAt: undefined } as unknown as Domain;
  return [putIn(table, toRow(domain), unchanged(domain)), ...listWrites(table, everywhere, domain)];
};
