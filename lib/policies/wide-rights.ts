import type { Entrypoint } from "../../lambdas/env.ts";
import type { StageConfig } from "../config.ts";
import type { ServiceFunction } from "../functions/shared/service-function.ts";
import { ReasonedPolicy } from "./reasoned-policy.ts";

/**
 * Grants these actions on any resource if the stage asks for it: the fallback if AWS refuses pushes or emails. Rights
 * that name their resources are granted anyway.
 */
export function grantWideIfAsked(
  caller: ServiceFunction<Entrypoint>,
  id: string,
  { fallbacks }: StageConfig,
  actions: readonly string[],
): void {
  if (fallbacks.rights !== "wide") return;
  const reason =
    "The stage asks for it (fallbacks.rights): AWS has refused a call that names its resource (docs/unproven.md).";
  new ReasonedPolicy(caller, id, caller.role, reason, { actions, resources: ["*"] });
}
