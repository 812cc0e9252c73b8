import type { Equivalent } from "./equivalent.ts";
import { IN_CORE } from "./core.ts";
import { IN_USECASES } from "./usecases.ts";
import { IN_ADAPTERS } from "./adapters.ts";
import { IN_HANDLERS } from "./handlers.ts";

export const EQUIVALENTS: readonly Equivalent[] = [...IN_CORE, ...IN_USECASES, ...IN_ADAPTERS, ...IN_HANDLERS];
