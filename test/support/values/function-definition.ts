import type { FunctionDefinition } from "../../../local/lambda/pool.ts";

/** A function of a local host whose handler is in `index.mjs` of a folder. */
export const functionIn = (taskRoot: string): FunctionDefinition => ({
  name: "f",
  arn: "arn:f",
  taskRoot,
  handler: "index.handler",
  timeoutMs: 300_000,
  patience: 1,
  memoryMb: 128,
  role: "local",
  logGroup: "group",
  concurrency: 4,
  environment: () => ({}),
});
