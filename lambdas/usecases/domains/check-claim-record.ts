import type { Domain } from "../../core/domains/domain.ts";
import { txtName } from "../../core/domains/proof/txt-proof.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { TxtRecords } from "../../ports/domains.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Whether the TXT record that made a claim is there now; `unreachable`: the name servers do not answer in time. */
export type RecordNow = "found" | "missing" | "unreachable";

export interface RecordPorts {
  readonly txtRecords: TxtRecords;
  readonly telemetry: Telemetry;
}

/** The claimant may have lost control of the DNS in the meantime. One query, at most a few seconds (ports/domains.ts). */
export async function recordOf({ txtRecords, telemetry }: RecordPorts, { account, claim }: Domain): Promise<RecordNow> {
  if (claim?.value === undefined) return "missing";
  try {
    return (await txtRecords.find(txtName(account))).includes(claim.value) ? "found" : "missing";
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("warn", "name servers do not answer", { account, error: error.message });
    return "unreachable";
  }
}
