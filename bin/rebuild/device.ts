import type { Place } from "./place.ts";

/** A device row of the core table, limited to what a rebuild needs (docs/architecture.md, Tables). */
export interface DeviceRow {
  readonly pk: string;
  readonly app: string;
  readonly endpointArn: string;
  /** Sealed (lambdas/core/push/seal.ts). */
  readonly token: string | undefined;
  readonly gone: boolean;
}

/** What happened to a row; the first four need no change. */
export const fates = {
  current: "have their endpoint here already",
  gone: "belong to phones whose app is gone: left alone",
  "without app": "name an app this stage does not have: left alone",
  "without token": "hold no token: their next post makes the endpoint",
  rebuilt: "have a new endpoint",
  changed: "were changed by a post meanwhile: done by it",
  refused: "hold a token that SNS does not take: the answer to their next post says so",
  unreadable: "hold a token that the key does not open",
  failed: "failed after five attempts: run it again",
} as const;
export type Fate = keyof typeof fates;
export type Counts = Readonly<Record<Fate, number>>;

/** Whether a row needs a new endpoint in this place, or why it does not. */
export function triage(row: DeviceRow, { applications }: Pick<Place, "applications">): Fate | "rebuild" {
  const application = applications.get(row.app);
  if (application === undefined) return "without app";
  if (row.endpointArn.startsWith(`${application.applicationArn.replace(":app/", ":endpoint/")}/`)) return "current";
  if (row.gone) return "gone";
  return row.token === undefined ? "without token" : "rebuild";
}
