import { createCores } from "./cores.ts";
import { createFunction, STOPPING, type FunctionDefinition, type LambdaFunction } from "./pool.ts";
import type { InvocationResult } from "./worker.ts";

/** All functions of one host. */
export interface FunctionRegistry {
  add(definition: FunctionDefinition): LambdaFunction;
  /** By name, ARN or API Gateway's invocation URI, each with or without a version or alias. */
  find(reference: string): LambdaFunction | undefined;
  list(): readonly LambdaFunction[];
  /** Ends all for good: events of sockets that close, and lines that are still delivered, start nothing again. */
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Hears every line a function writes. */
  readonly onLog: (functionName: string, line: string) => void;
  /** Hears of every event, and by what it returns whether it went well. */
  readonly onInvocation: (functionName: string) => (ok: boolean) => void;
  /** What happens to an event before a sandbox gets it; a result keeps it from getting there. */
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
