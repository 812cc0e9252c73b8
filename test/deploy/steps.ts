/** Reports each step and its duration, so that a check of several minutes is never silent. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  process.stdout.write(`… ${title}\n`);
  try {
    const result = await work();
    process.stdout.write(`✓ ${title} (${seconds(begin)})\n`);
    return result;
  } catch (error) {
    process.stdout.write(`✗ ${title} (${seconds(begin)})\n`);
    throw error;
  }
}

/** Time since `begin` (of performance.now), in words. */
export const seconds = (begin: number): string => `${((performance.now() - begin) / 1_000).toFixed(1)} s`;
