import type { MailProgress } from "../../../core/shared/email.ts";
import type { Update } from "./dynamo-table.ts";

/** Whether an email is still to be sent. */
export const isToSend = (mail: MailProgress | undefined): boolean => mail === "queued" || mail === "allowed";

/** Leases an email that is still to be sent and that nobody has leased; times in Unix ms. */
export const leaseUntil = (now: number, until: number): Update => ({
  change: "SET mailLease = :until",
  when: "mail IN (:queued, :allowed) AND (attribute_not_exists(mailLease) OR mailLease <= :now)",
  values: { until, now, queued: "queued", allowed: "allowed" },
});
