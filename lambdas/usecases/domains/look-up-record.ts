import type { Domain } from "../../core/domains/domain.ts";
import { txtName, type RecordNow } from "../../core/domains/proof/txt-proof.ts";
import { DependencyError } from "../../ports/errors.ts";
import type { TxtRecords } from "../../ports/domains.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

export interface RecordPorts {
  readonly txtRecords: TxtRecords;
  readonly telemetry: Telemetry;
}

/** One query, at most a few seconds (ports/domains.ts); returns the values of all TXT records there. */
export async function lookUpRecord(
  { txtRecords, telemetry }: RecordPorts,
  account: string,
  value: string,
): Promise<{ readonly kind: RecordNow; readonly values: readonly string[] }> {
  try {
    const values = await txtRecords.find(txtName(account));
    return { kind: values.includes(value) ? "found" : "missing", values };
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    telemetry.log("warn", "name servers do not answer", { account, error: error.message });
    return { kind: "unreachable", values: [] };
  }
}

/** Looks up the record behind a claim: the claimant may have lost control of the DNS in the meantime. */
export const recordOf = async (ports: RecordPorts, { account, claim }: Domain): Promise<RecordNow> =>
  claim?.value === undefined ? "missing" : (await lookUpRecord(ports, account, claim.value)).kind;
