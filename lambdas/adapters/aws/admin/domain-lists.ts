import type { Domain } from "../../../core/domains/domain.ts";
import type { ListPart } from "../../../core/domains/lists.ts";
import type { DomainLists } from "../../../ports/admin.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { KIND, listPrefix, toDomain } from "../domains/domain-rows.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";

/** Where a page ended: in which part, and after which row of the index unless at its beginning. */
interface Place {
  readonly part: number;
  readonly row?: { readonly pk: string; readonly sk: string };
}

/** Lines, as no key holds a line break. */
const toText = ({ part, row }: Place): string => Buffer.from([part, row?.pk, row?.sk].join("\n")).toString("base64url");

/** Longest key of an index in DynamoDB, in bytes. */
const MAX_KEY = 1_024;
const isKey = (key: string): boolean => key !== "" && Buffer.byteLength(key) <= MAX_KEY;

/** The place that a browser sent; the beginning if it is not one within the parts. */
function placeOf(text: string | undefined, parts: readonly ListPart[]): Place {
  const begin = { part: 0 };
  if (text === undefined) return begin;
  const [number, pk = "", sk = ""] = Buffer.from(text, "base64url").toString().split("\n");
  const part = Number(number);
  const found = parts[part];
  if (found === undefined) return begin;
  if (pk === "") return { part };
  return pk.startsWith(startOf(found)) && isKey(pk) && isKey(sk) ? { part, row: { pk, sk } } : begin;
}

const startOf = ({ list, prefix }: ListPart): string => `${listPrefix(list)}${prefix}`;
const kindOf = ({ list }: ListPart): string => (list === "all" ? KIND : list);

/** The index byKind of the core table, which holds domains and their copies in lists (adapters/aws/domains/domain-rows.ts). */
export function dynamoDomainLists(client: FullDynamo, table: string): DomainLists {
  const core = dynamoTable(client, table);

  async function read(part: ListPart, { row }: Place, limit: number) {
    const kind = kindOf(part);
    return core.query({
      index: "byKind",
      keys: "kind = :kind AND begins_with(pk, :start)",
      values: { kind, start: startOf(part) },
      limit,
      after: row && { kind, ...row },
    });
  }

  return {
    async page(parts, limit, after) {
      const items: Domain[] = [];
      let place = placeOf(after, parts);
      for (let left = limit; ; ) {
        const part = parts[place.part];
        if (part === undefined) return { items };
        if (left < 1) return { items, next: toText(place) };
        const { rows, next } = await read(part, place, left);
        items.push(...rows.map(toDomain).filter((domain) => !part.leftOut(domain)));
        left -= rows.length;
        place = next === undefined ? { part: place.part + 1 } : { part: place.part, row: keysOf(next) };
      }
    },
  };
}

const keysOf = ({ pk, sk }: Row) => ({ pk: String(pk), sk: String(sk) });
