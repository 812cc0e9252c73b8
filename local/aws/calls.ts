/** How often each AWS operation was called: `{"dynamodb.BatchGetItem": 3}`. */
export interface CallCounter {
  /** @param role name of the caller's role; empty if the caller is no function */
  count(service: string, operation: string, role: string): void;
  /** @param by only calls of roles whose name matches */
  list(by?: RegExp): Readonly<Record<string, number>>;
  reset(): void;
}

export function createCallCounter(): CallCounter {
  const counts = new Map<string, Map<string, number>>();
  return {
    count(service, operation, role) {
      const name = `${service}.${operation}`;
      const byRole = counts.get(name) ?? new Map<string, number>();
      counts.set(name, byRole.set(role, (byRole.get(role) ?? 0) + 1));
    },
    list(by = /^/u) {
      const sums = [...counts].map(([name, byRole]) => {
        const sum = [...byRole].reduce((all, [role, count]) => (by.test(role) ? all + count : all), 0);
        return [name, sum] as const;
      });
      return Object.fromEntries(sums.filter(([, sum]) => sum > 0).sort(([a], [b]) => a.localeCompare(b)));
    },
    reset: () => counts.clear(),
  };
}

/** Name of the role that signed a call: functions sign with it as their access key. */
export const signingRole = (authorization: string | undefined): string =>
  /Credential=([^/]+)\//u.exec(authorization ?? "")?.[1] ?? "";
