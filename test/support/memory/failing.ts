import type { Clock } from "../../../lambdas/ports/clock.ts";
import { DependencyError, type FailureKind } from "../../../lambdas/ports/errors.ts";

/** How one call deviates from an immediate success. */
export interface Turn {
  /** It answers after this time; longer than the call's limit (its last argument, in ms) is a timeout. */
  readonly ms?: number;
  readonly fails?: FailureKind | undefined;
  /** It throws this; ports should not throw. */
  readonly breaks?: Error;
  /** It answers this without doing anything. */
  readonly answers?: unknown;
  /** It takes effect, whatever answer the caller gets. */
  readonly taken?: boolean;
}

interface Call<Operation extends string = string> {
  readonly operation: Operation;
  readonly args: readonly unknown[];
  readonly at: number;
  /** `ok` when it answered. */
  end: FailureKind | "ok" | "open";
  answer?: unknown;
}

/** A period in which every call of an operation that begins fails. Times in Unix ms. */
interface Outage {
  readonly from: number;
  readonly until: number;
  readonly fault: FailureKind | "hang";
}

export interface Faults<Operation extends string = string> {
  /** Makes an operation unavailable for a while; a hanging call may still take effect. */
  away(operation: string, outage: Outage): void;
  /** Plans the next calls of an operation, one turn per call. */
  plan(operation: string, ...turns: readonly Turn[]): void;
  /** Makes the next calls of an operation fail in these ways. */
  fail(operation: string, ...kinds: readonly FailureKind[]): void;
  readonly calls: readonly Call<Operation>[];
  count(operation: string): number;
}

/** A port whose calls are recorded and fail as planned. */
export function failing<P extends object>(port: P, clock: Clock): P & Faults<keyof P & string> {
  const planned = new Map<string, Turn[]>();
  const outages = new Map<string, Outage>();
  const calls: Call<keyof P & string>[] = [];
  const faults: Faults<keyof P & string> = {
    away: (operation, outage) => void outages.set(operation, outage),
    plan: (operation, ...turns) => void planned.set(operation, [...turns]),
    fail: (operation, ...kinds) =>
      void planned.set(
        operation,
        kinds.map((fails) => ({ fails })),
      ),
    calls,
    count: (wanted) => calls.filter(({ operation }) => operation === wanted).length,
  };

  function outageOf(operation: string): Turn | undefined {
    const outage = outages.get(operation);
    if (outage === undefined || clock.now() < outage.from || clock.now() >= outage.until) return undefined;
    return outage.fault === "hang" ? { ms: Infinity, taken: true } : { fails: outage.fault };
  }

  async function take(turn: Turn, limit: number, run: () => Promise<unknown>): Promise<unknown> {
    const { ms = 0, fails, taken = false } = turn;
    const done = taken ? run() : undefined;
    if (ms > 0) await clock.sleep(Math.min(ms, limit));
    const answer = await done;
    if (turn.breaks !== undefined) throw turn.breaks;
    const kind = ms > 0 && ms >= limit ? "timeout" : fails;
    if (kind !== undefined) throw new DependencyError("test.Call", kind, kind === "rejected" ? "Refused" : undefined);
    if ("answers" in turn) return turn.answers;
    return taken ? answer : run();
  }

  const noted = Object.entries(port).map(([operation, run]) => {
    const act = async (...args: readonly unknown[]): Promise<unknown> => {
      const call: Call<keyof P & string> = {
        operation: operation as keyof P & string,
        args,
        at: clock.now(),
        end: "open",
      };
      calls.push(call);
      const limit = typeof args.at(-1) === "number" ? (args.at(-1) as number) : Infinity;
      try {
        const answer = await take(planned.get(operation)?.shift() ?? outageOf(operation) ?? {}, limit, () =>
          (run as (...args: readonly unknown[]) => Promise<unknown>)(...args),
        );
        call.end = "ok";
        call.answer = answer;
        return answer;
      } catch (error) {
        if (error instanceof DependencyError) call.end = error.kind;
        throw error;
      }
    };
    return [operation, act] as const;
  });
  return { ...(Object.fromEntries(noted) as P), ...faults };
}
