import * as v from "valibot";

/** Kinds of values in stages.ts. Each description says what to put there; errors repeat it. */
export const says = <S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));
export const whole = (minimum: number, maximum: number, description: string) =>
  says(
    v.pipe(
      v.number(`must be a number`),
      v.integer(`must be a whole number`),
      v.minValue(minimum, `must be at least ${minimum}`),
      v.maxValue(maximum, `must be at most ${maximum}`),
    ),
    description,
  );
export const flag = (description: string) => says(v.boolean("must be true or false"), description);
export const text = (pattern: RegExp, description: string) =>
  says(v.pipe(v.string("must be a text"), v.regex(pattern, "has the wrong form")), description);
