import type { MailProgress } from "../../../core/shared/email.ts";
import type { Update } from "./dynamo-table.ts";

/** Whether a mail is still to go out. */
export const isToSend = (mail: MailProgress | undefined): boolean => mail === "queued" || mail === "allowed";

/** Leases a mail that is still to go out and that nobody has in hand; times in Unix ms. */
export const leaseUntil = (now: number, until: number): Update => ({
  change: "SET mailLease = :until",
  when: "mail IN (:queued, :allowed) AND (attribute_not_exists(mailLease) OR mailLease <= :now)",
  values: { until, now, queued: "queued", allowed: "allowed" },
});
