import type { History } from "../core/monitoring/status.ts";

/** What alarms and metrics say. All throw DependencyError. */
export interface Health {
  /** Of these alarms, by name, those in alarm. */
  ringing(alarms: readonly string[]): Promise<ReadonlySet<string>>;
  /** Wake-ups from `from` on, one entry for each slot that has any, and of PBXes for each platform too. */
  history(from: number, to: number): Promise<History>;
}
