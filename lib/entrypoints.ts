import { fileURLToPath } from "node:url";
import type { Entrypoint } from "../lambdas/env.ts";

/** The files of lambdas/entrypoints. */
export const entrypoints = [
  "session",
  "push",
  "registration",
  "mail",
  "admin",
  "console",
  "events",
  "housekeeping",
  "provisioning",
  "canary",
  "watch",
  "status",
  "history",
] as const satisfies readonly Entrypoint[];

export const sourceOf = (entrypoint: Entrypoint): string =>
  fileURLToPath(new URL(`../lambdas/entrypoints/${entrypoint}.ts`, import.meta.url));
