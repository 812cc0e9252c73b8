import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { fates } from "./device.ts";
import type { Progress } from "./rebuild.ts";

const counts = v.object(
  Object.fromEntries(Object.keys(fates).map((fate) => [fate, v.number()])) as Record<
    keyof typeof fates,
    v.NumberSchema<undefined>
  >,
);
const State = v.object({ table: v.string(), cursor: v.record(v.string(), v.unknown()), counts });

/** Progress of a rebuild in a file, so that it can continue after a break. Contains hashes but no token. */
export function stateFile(file: string, table: string) {
  return {
    /** Undefined if there is no saved progress. Throws an Error if the file is for another table, or invalid. */
    read(): Progress | undefined {
      let text: string;
      try {
        text = readFileSync(file, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
      const state = v.safeParse(v.pipe(v.string(), v.parseJson(), State), text);
      if (!state.success || state.output.table !== table)
        throw new Error(`${file} is not of table ${table}: remove it to start over`);
      return { cursor: state.output.cursor, counts: state.output.counts };
    },
    /** Saves the progress atomically; removes the file at the end. */
    write({ cursor, counts }: Progress): void {
      if (cursor === undefined) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify({ table, cursor, counts }));
      renameSync(`${file}.new`, file);
    },
  };
}
