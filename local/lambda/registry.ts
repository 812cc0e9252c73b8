import { createCores } from "./cores.ts";
import { createFunction, STOPPING, type FunctionDefinition, type LambdaFunction } from "./pool.ts";
import type { InvocationResult } from "./worker.ts";

/** All functions of one host. */
export interface FunctionRegistry {
  add(definition: FunctionDefinition): LambdaFunction;
  /** By name, ARN or API Gateway's invocation URI, each with or without a version or alias. */
  find(reference: string): LambdaFunction | undefined;
  list(): readonly LambdaFunction[];
  /** Ends all for good: later events, of closing sockets or log lines, start nothing. */
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Called with every line a function writes. */
  readonly onLog: (functionName: string, line: string) => void;
  /** Called on every event; the function it returns is called with whether the event succeeded. */
  readonly onInvocation: (functionName: string) => (ok: boolean) => void;
  /** Called before a sandbox gets the event; a result replaces the invocation. */
  readonly before: (functionName: string) => Promise<InvocationResult | undefined>;
}

export function createFunctionRegistry({ onLog, onInvocation, before }: RegistryOptions): FunctionRegistry {
  const functions = new Map<string, LambdaFunction>();
  const cores = createCores();
  let stopped = false;
  return {
    add(definition) {
      const bare = createFunction(definition, cores, (line) => onLog(definition.name, line));
      const created: LambdaFunction = {
        ...bare,
        async invoke(event) {
          const ended = onInvocation(definition.name);
          const early = await before(definition.name);
          const result = early ?? (stopped ? STOPPING : await bare.invoke(event));
          ended(result.ok);
          return result;
        },
      };
      functions.set(definition.name, created);
      return created;
    },
    find(reference) {
      const name = /(?:^|:function:)([\w-]+)(?::[\w$-]+)?(?:\/invocations)?$/u.exec(reference)?.[1];
      return name === undefined ? undefined : functions.get(name);
    },
    list: () => [...functions.values()],
    async stop() {
      stopped = true;
      await Promise.all([...functions.values()].map((each) => each.stop()));
    },
  };
}
