import type { FunctionRegistry } from "./lambda/registry.ts";
import { appsIn } from "./product.ts";

/** Id of the app that an SNS platform application stands for, as the functions know it; else its name. */
export function createAppNames(functions: FunctionRegistry): (applicationArn: string) => string {
  const known = new Map<string, string>();
  return (applicationArn) => {
    if (!known.has(applicationArn))
      for (const { definition } of functions.list())
        for (const [arn, id] of appsIn(definition.environment())) known.set(arn, id);
    return known.get(applicationArn) ?? applicationArn.split("/").at(-1) ?? applicationArn;
  };
}
