/** Typed, validated values per stage. The values are in stages.ts. */
export { ConfigError, readStage, type StageConfig } from "./config/read.ts";
export { bareAddress, within } from "./config/rules.ts";
export { wafDefaults } from "./config/limits.ts";
export { type AppSettings, type StageInput } from "./config/schema.ts";
