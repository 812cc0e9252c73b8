/** Typed, validated values per stage. The values themselves stand in stages.ts. */
export { ConfigError, readStage, type StageConfig } from "./config/read.ts";
export type { AppSettings, StageInput } from "./config/schema.ts";
