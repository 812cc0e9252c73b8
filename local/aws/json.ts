export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a JSON text holds, or undefined: bad JSON, or something else than an object. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** Own member only: `constructor` in a stranger's JSON is no member. */
export const member = (object: JsonObject | undefined, name: string): unknown =>
  object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
