import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";
import { OperatorsPool } from "./operators-pool.ts";
import type { Provider } from "./provider.ts";

/**
 * The company's identity provider, or a pool made for the stage; undefined: no console.
 * @param publicUrl base of the pages
 */
export function stageProvider(scope: Construct, config: StageConfig, publicUrl: string): Provider | undefined {
  return config.console === "cognito" ? new OperatorsPool(scope, "Operators", config, publicUrl) : config.console;
}
