import type { Runs } from "../core/status.ts";

/** What the alarms and the canary say. All throw DependencyError. */
export interface Health {
  /** Of these alarms, by name, those in alarm. */
  ringing(alarms: readonly string[]): Promise<ReadonlySet<string>>;
  /** The canary's runs from `from` on, one entry for each slot that has any. */
  canaryRuns(from: number, to: number): Promise<readonly Runs[]>;
}
