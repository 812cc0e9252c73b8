import type { Notice } from "../../../core/domains/notice.ts";
import type { Notices, PendingNotice } from "../../../ports/domains.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";
import { isToSend, leaseUntil } from "../shared/mail-lease.ts";

const keyOf = (id: string) => ({ pk: `NOTICE#${id}`, sk: "NOTICE" });
/** A notice is kept as long as its message may be in a queue, including dead letters; in s. */
const LIFE_S = 30 * 86_400;

/** The row of a notice to be sent; adapters/aws/domains/domains.ts writes it together with a change. */
export const noticeRow = (id: string, notice: Notice) => ({
  ...keyOf(id),
  ...notice,
  id,
  mail: "queued",
  ttl: toSeconds(notice.at) + LIFE_S,
});

/** Notices in the core table (docs/architecture.md, Tables): all that change a domain may write there. */
export function dynamoNotices(client: FullDynamo, table: string): Notices {
  const core = dynamoTable(client, table);

  async function find(id: string): Promise<PendingNotice | undefined> {
    const row = await core.get(keyOf(id));
    return row && toNotice(row);
  }

  return {
    find,

    async add(id, notice) {
      await core.put(noticeRow(id, notice));
    },

    async leaseMail(id, now, until) {
      const leased = await core.update(keyOf(id), leaseUntil(now, until), "ALL_NEW");
      if (leased !== undefined) return toNotice(leased);
      return isToSend((await find(id))?.mail) ? "busy" : undefined;
    },

    async setMail(id, mail, release, at) {
      const change = `SET mail = :mail, mailAt = :at${release ? " REMOVE mailLease" : ""}`;
      await core.update(keyOf(id), { change, when: "attribute_exists(pk)", values: { mail, at } });
    },
  };
}

function toNotice({ pk, sk, ttl, mailLease, ...notice }: Row): PendingNotice {
  return notice as unknown as PendingNotice;
}
