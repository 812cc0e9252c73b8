import { ConfigError, readStage, type StageConfig } from "../../lib/config.ts";
import { stages } from "../../stages.ts";
import { Failure } from "./failure.ts";
import { EXIT } from "./terminal.ts";

/** A stage of stages.ts. Throws a Failure that says what is wrong with it, or that it does not exist. */
export function stageNamed(name: string): StageConfig {
  try {
    return readStage(name, stages);
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure("stage", error.message, EXIT.usage);
    throw error;
  }
}
