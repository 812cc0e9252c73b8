import type { Reading } from "./account.ts";

/** What a call answers, or why it did not; never rejects. */
export async function reading<T>(action: string, read: () => Promise<T | undefined>): Promise<Reading<T>> {
  try {
    const value = await read();
    return value === undefined ? { unknown: `${action} answered without it` } : { value };
  } catch (error) {
    const { name, message } = error as Error;
    return { unknown: `${action}: ${name === "Error" ? message : name}` };
  }
}
