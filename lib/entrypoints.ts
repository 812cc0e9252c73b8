import { fileURLToPath } from "node:url";
import type { Entrypoint } from "../lambdas/env.ts";

/** All that lib knows of lambdas: where each entrypoint's source stands. */
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
