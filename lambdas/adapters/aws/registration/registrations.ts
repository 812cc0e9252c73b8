import type { Registration } from "../../../core/registration/registration.ts";
import type { Registrations } from "../../../ports/registration.ts";
import type { FullDynamo } from "../client/aws-client.ts";
import { registrationKey, toSeconds } from "../shared/dynamo-keys.ts";
import { dynamoTable, type Row } from "../shared/dynamo-table.ts";
import { isToSend, leaseUntil } from "../shared/mail-lease.ts";

/** Rows outlive their registration by a day, so that window and page can say that it is over. In s. */
const AFTERLIFE_S = 86_400;

const ticketKey = (id: string) => ({ pk: registrationKey(id) });
const linkKey = (hash: string) => ({ pk: `LINK#${hash}` });
const ttlOf = ({ expiresAt }: Pick<Registration, "expiresAt">) => toSeconds(expiresAt) + AFTERLIFE_S;
const KNOWN = "attribute_exists(pk)";

/** Registrations under way in the sessions table (docs/architecture.md, Tables). */
export function dynamoRegistrations(client: FullDynamo, table: string): Registrations {
  const sessions = dynamoTable(client, table);

  async function find(id: string): Promise<Registration | undefined> {
    const row = await sessions.get(ticketKey(id));
    return row && toRegistration(row);
  }

  return {
    find,

    async create({ id, ...registration }) {
      await sessions.put({ ...ticketKey(id), ...registration, ttl: ttlOf(registration) });
    },

    async findByLink(linkHash) {
      const row = await sessions.get(linkKey(linkHash));
      return row && find(String(row["registration"]));
    },

    async addLink(linkHash, registration) {
      await sessions.put({ ...linkKey(linkHash), registration: registration.id, ttl: ttlOf(registration) });
    },

    async countWrongCode(id) {
      const row = await sessions.update(
        ticketKey(id),
        { change: "ADD wrongCodes :one", when: KNOWN, values: { one: 1 } },
        "ALL_NEW",
      );
      return Number(row?.["wrongCodes"] ?? Number.POSITIVE_INFINITY);
    },

    async end(id, why) {
      const taken = why === "taken";
      const change = `SET #state = :ended${taken ? ", taken = :taken" : ""}`;
      const values = { ended: "ended", ...(taken && { taken }) };
      await sessions.update(ticketKey(id), { change, when: KNOWN, values });
    },

    async leaseMail(id, now, until) {
      const row = await sessions.update(ticketKey(id), leaseUntil(now, until), "ALL_NEW");
      if (row !== undefined) return toRegistration(row);
      return isToSend((await find(id))?.mail) ? "busy" : undefined;
    },

    async queueAgain(id, now) {
      const again = {
        change: "SET mail = :queued",
        when: "#state = :waiting AND expiresAt > :now AND NOT mail IN (:queued, :allowed)",
        values: { waiting: "waiting", now, queued: "queued", allowed: "allowed" },
      };
      const row = await sessions.update(ticketKey(id), again, "ALL_NEW");
      if (row !== undefined) return toRegistration(row);
      const found = await find(id);
      return found && isWaiting(found, now) ? found : undefined;
    },

    async waiting(domain, now) {
      const keys = "#domain = :domain AND begins_with(pk, :tickets)";
      const { rows } = await sessions.query({
        index: "byDomain",
        keys,
        values: { domain, tickets: registrationKey("") },
      });
      return rows.map(toRegistration).filter((registration) => isWaiting(registration, now));
    },

    async setMail(id, mail, release) {
      const change = `SET mail = :mail${release ? " REMOVE mailLease" : ""}`;
      await sessions.update(ticketKey(id), { change, when: KNOWN, values: { mail } });
    },
  };
}

const isWaiting = ({ state, expiresAt }: Registration, now: number): boolean => state === "waiting" && expiresAt > now;

function toRegistration({ pk, ttl, mailLease, ...registration }: Row): Registration {
  return { ...registration, id: String(pk).slice(registrationKey("").length) } as Registration;
}
