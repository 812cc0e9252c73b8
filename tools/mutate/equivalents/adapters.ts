import type { Equivalent } from "./equivalent.ts";

export const IN_ADAPTERS: readonly Equivalent[] = [];
