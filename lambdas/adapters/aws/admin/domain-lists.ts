import type { Domain } from "../../../core/domains/domain.ts";
import type { ListPart } from "../../../core/domains/lists.ts";
import type { DomainLists } from "../../../ports/admin.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { KIND, listPrefix, toDomain } from "../domains/domain-rows.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";

/** Where a page ended: in which part, after which row of the index. */
interface Place {
  readonly part: number;
  readonly pk?: string;
  readonly sk?: string;
}

const toText = (place: Place): string => Buffer.from(JSON.stringify(place)).toString("base64url");

/** Longest text that names a place, and longest key of an index in DynamoDB, in bytes. */
const MAX_PLACE = 8_192;
const MAX_KEY = 1_024;
const isKey = (key: unknown): key is string =>
  typeof key === "string" && key !== "" && key.isWellFormed() && Buffer.byteLength(key) <= MAX_KEY;

/** The place that a browser sent; the beginning if it is not one within the parts. */
function placeOf(text: string | undefined, parts: readonly ListPart[]): Place {
  const begin = { part: 0 };
  if (text === undefined || text.length > MAX_PLACE) return begin;
  try {
    const { part, pk, sk } = JSON.parse(Buffer.from(text, "base64url").toString()) as Readonly<Record<string, unknown>>;
    const found = typeof part === "number" ? parts[part] : undefined;
    if (found === undefined || typeof part !== "number") return begin;
    if (!isKey(pk) || !isKey(sk)) return { part };
    return pk.startsWith(startOf(found)) ? { part, pk, sk } : begin;
  } catch {
    return begin;
  }
}

const startOf = ({ list, prefix }: ListPart): string => `${listPrefix(list)}${prefix}`;
const kindOf = ({ list }: ListPart): string => (list === "all" ? KIND : list);

/** The index byKind of the core table, which holds domains and their copies in lists (adapters/aws/domains/domain-rows.ts). */
export function dynamoDomainLists(client: FullDynamo, table: string): DomainLists {
  const core = dynamoTable(client, table);

  async function read(part: ListPart, { pk, sk }: Place, limit: number) {
    const kind = kindOf(part);
    return core.query({
      index: "byKind",
      keys: "kind = :kind AND begins_with(pk, :start)",
      values: { kind, start: startOf(part) },
      limit,
      after: pk === undefined || sk === undefined ? undefined : { kind, pk, sk },
    });
  }

  return {
    async page(parts, limit, after) {
      const items: Domain[] = [];
      let place = placeOf(after, parts);
      for (let left = limit; left > 0; ) {
        const part = parts[place.part];
        if (part === undefined) return { items };
        const { rows, next } = await read(part, place, left);
        items.push(...rows.map(toDomain).filter((domain) => !part.leftOut(domain)));
        left -= rows.length;
        place = next === undefined ? { part: place.part + 1 } : { part: place.part, ...keysOf(next) };
      }
      return place.part < parts.length ? { items, next: toText(place) } : { items };
    },
  };
}

const keysOf = ({ pk, sk }: Row) => ({ pk: String(pk), sk: String(sk) });
