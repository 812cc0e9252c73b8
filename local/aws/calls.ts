/** How often each AWS operation was called: `{"dynamodb.BatchGetItem": 3}`. */
export interface CallCounter {
  count(service: string, operation: string): void;
  list(): Readonly<Record<string, number>>;
  reset(): void;
}

export function createCallCounter(): CallCounter {
  const counts = new Map<string, number>();
  return {
    count(service, operation) {
      const name = `${service}.${operation}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    list: () => Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b))),
    reset: () => counts.clear(),
  };
}
