import type { Measurement } from "../shared/keep.ts";
import type { Operation, OperationName } from "../cost/measured.ts";
import type { BundleCost } from "./bundles/bundles.ts";
import type { ColdStarts } from "./environments/cold-start.ts";
import type { Graph } from "./bundles/graph.ts";
import type { Load } from "./load/load.ts";
import type { Overheads } from "./warm/overhead.ts";
import type { Profile } from "./warm/profile.ts";
import type { Steady } from "./environments/steady.ts";

export const PARTS = ["overhead", "profile", "cold", "steady", "bundles", "graph", "calls", "load"] as const;
export type Part = (typeof PARTS)[number];

/** What one run of the bench measured; a part that was left out is absent. */
export interface Results extends Measurement {
  /** Load average of the minute before: well above 0, the machine was busy with something else. */
  readonly loadBefore: number;
  /** Where a warm post's CPU goes. */
  readonly profile?: Profile;
  /** What the bundles are made of. */
  readonly graph?: readonly Graph[];
  readonly bundles?: readonly BundleCost[];
  /** AWS calls and invocations of every operation, counted on the local host. */
  readonly calls?: Readonly<Record<OperationName, Operation>>;
  readonly overhead?: Overheads;
  /** Start of push and session, against the SDK's clients and against no module of AWS. */
  readonly cold?: ColdStarts;
  /** The push function at a steady rate over TLS, as deployed first. */
  readonly steady?: readonly Steady[];
  readonly load?: readonly Load[];
}
