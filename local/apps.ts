import type { FunctionRegistry } from "./lambda/registry.ts";

/** Id of the app that an SNS platform application stands for, as the functions are told (`APPS`); else its name. */
export function createAppNames(functions: FunctionRegistry): (applicationArn: string) => string {
  const known = new Map<string, string>();
  return (applicationArn) => {
    if (!known.has(applicationArn)) for (const [arn, id] of configured(functions)) known.set(arn, id);
    return known.get(applicationArn) ?? applicationArn.split("/").at(-1) ?? applicationArn;
  };
}

function configured(functions: FunctionRegistry): readonly (readonly [string, string])[] {
  const texts = functions.list().flatMap(({ definition }) => definition.environment()["APPS"] ?? []);
  const apps = texts.flatMap((text) => JSON.parse(text) as readonly { readonly id: string; readonly applicationArn: string }[]);
  return apps.map(({ id, applicationArn }) => [applicationArn, id]);
}
