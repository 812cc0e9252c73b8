import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { entryOf, type AuditEntry } from "../../../core/domains/audit.ts";
import { endsOldSecrets, named, type Change } from "../../../core/domains/change.ts";
import type { Domain } from "../../../core/domains/domain.ts";
import type { Confirmation, DomainReader, Domains, ListFilter } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { domainRow, registrationKey } from "../shared/dynamo-keys.ts";
import { batchGet, deleteIn, dynamoTable, putIn, transact, updateIn } from "../shared/dynamo-table.ts";
import { accountOf, domainWrites, KIND, LISTED, pkOf, relistWrites, toDomain } from "./domain-rows.ts";
import { noticeRow } from "./notices.ts";

export interface DomainTables {
  readonly core: string;
  readonly secrets: string;
  readonly sessions: string;
}

/** Most keys of one BatchGetItem. */
const BATCH = 100;

/** `id` tells entries of the same ms apart. */
function auditRow(account: string, { at, ...entry }: AuditEntry, id: string) {
  return { pk: pkOf(account), sk: `AUDIT#${String(at).padStart(15, "0")}#${id}`, at, ...entry };
}

export function dynamoDomainReader(client: FullDynamo, table: string): DomainReader {
  const core = dynamoTable(client, table);
  return {
    async find(account) {
      const row = await core.get(domainRow(account));
      // The canary's account has another kind and is not a domain.
      return row?.["kind"] === KIND ? toDomain(row) : undefined;
    },

    async findAll(accounts) {
      const found: Domain[] = [];
      for (let start = 0; start < accounts.length; start += BATCH) {
        const rows = await batchGet(client, { [table]: accounts.slice(start, start + BATCH).map(domainRow) });
        found.push(...rows(table).map(toDomain));
      }
      return found;
    },

    async accountsOf(domain) {
      const keys = "kind = :kind AND begins_with(pk, :accounts)";
      const rows = await core.queryAll({ index: "byKind", keys, values: { kind: KIND, accounts: pkOf(`${domain}/`) } });
      return rows.map(toDomain);
    },
  };
}

/** Domains and accounts in the core table, their secrets beside them (docs/architecture.md, Tables). */
export function dynamoDomains(client: FullDynamo, tables: DomainTables, newId: () => string): Domains {
  const core = dynamoTable(client, tables.core);
  const reader = dynamoDomainReader(client, tables.core);

  function writes(change: Change, confirmation: Confirmation | undefined): TransactWriteItem[] {
    const { account, before, after, secrets, at } = change;
    return [
      ...domainWrites(tables.core, { account, before, after }),
      putIn(tables.core, auditRow(account, entryOf(change), newId())),
      ...(after === undefined ? [deleteIn(tables.secrets, { account })] : []),
      ...(secrets === undefined ? [] : [putIn(tables.secrets, { account, ...secrets })]),
      ...(endsOldSecrets(change)
        ? [updateIn(tables.secrets, { account }, { change: "REMOVE previous, earlier" })]
        : []),
      ...named(change).map(([id, notice]) => putIn(tables.core, noticeRow(id, notice))),
      ...(confirmation === undefined ? [] : [confirm(tables.sessions, confirmation, at)]),
    ];
  }

  return {
    ...reader,

    async list(limit, after, only = {}) {
      const start = after === undefined ? undefined : { kind: KIND, ...domainRow(after) };
      const { rows, next } = await core.query({ index: "byKind", limit, after: start, ...filtered(only) });
      return { items: rows.map(toDomain), next: next && accountOf(next["pk"]) };
    },

    async history(account, limit) {
      const keys = "pk = :pk AND begins_with(sk, :audit)";
      const { rows } = await core.query({
        keys,
        values: { pk: pkOf(account), audit: "AUDIT#" },
        newestFirst: true,
        limit,
      });
      return rows.map(({ pk, sk, ...entry }) => entry as unknown as AuditEntry);
    },

    async note(account, entry) {
      await core.put(auditRow(account, entry, newId()));
    },

    async saveUse(before, after) {
      const { account } = before;
      const failed = await transact(client, domainWrites(tables.core, { account, before, after }));
      return failed === undefined ? "stored" : "conflict";
    },

    async relist(accounts) {
      if (accounts.length === 0) return;
      const rows = await batchGet(client, { [tables.core]: accounts.map(domainRow) });
      for (const row of rows(tables.core).filter(({ listed }) => listed !== LISTED))
        await transact(client, relistWrites(tables.core, toDomain(row)));
    },

    async commit(change, confirmation) {
      return (await transact(client, writes(change, confirmation))) === undefined ? "stored" : "conflict";
    },
  };
}

/** Filters after the read: a page may hold few items. */
function filtered({ text, claimed = false }: ListFilter) {
  const conditions = [
    ...(text === undefined ? [] : ["(contains(account, :text) OR contains(#owner, :text))"]),
    ...(claimed ? ["attribute_exists(claim)"] : []),
  ];
  return {
    keys: "kind = :kind",
    values: { kind: KIND, text },
    ...(conditions.length > 0 && { filter: conditions.join(" AND ") }),
  };
}

/** If the registration is still open, its ticket may fetch the secret from now on. */
const confirm = (table: string, { registration, secretId, wrongCodes }: Confirmation, at: number): TransactWriteItem =>
  updateIn(
    table,
    { pk: registrationKey(registration) },
    {
      change: "SET #state = :confirmed, confirmedAt = :at, secretId = :secretId",
      when: "#state = :waiting AND wrongCodes < :wrongCodes AND expiresAt > :at",
      values: { confirmed: "confirmed", waiting: "waiting", at, secretId, wrongCodes },
    },
  );
