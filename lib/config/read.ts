import * as v from "valibot";
import { contradictions, type Complaint } from "./rules.ts";
import { stageSchema, type StageInput, type StageSettings } from "./schema.ts";

export type StageConfig = StageSettings & { readonly name: string };

/** Everything that is wrong with a stage, one line per key. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ConfigError";
  }
}

/**
 * Reads one stage of stages.ts, checks it and fills in the defaults. Throws a ConfigError whose lines name a key and
 * what to put there: `stages.prod.mail.from: missing: the verified sender, such as push@example.com`.
 */
export function readStage(name: string, stages: Readonly<Record<string, StageInput>>): StageConfig {
  const known = Object.keys(stages);
  if (!/^[a-z][a-z0-9-]{0,19}$/u.test(name))
    throw new ConfigError([`stage "${name}": a name is 1 to 20 of a-z 0-9 -, beginning with a letter`]);
  if (!Object.hasOwn(stages, name))
    throw new ConfigError([`stage "${name}" is not in stages.ts: add it there, or use one of ${known.join(", ")}`]);
  const result = v.safeParse(stageSchema, stages[name]);
  const complaints = result.success ? contradictions(result.output) : result.issues.map(complaint);
  if (!result.success || complaints.length > 0)
    throw new ConfigError(
      complaints.map(([key, message]) => `stages.${[name, key].filter(Boolean).join(".")}: ${message}`),
    );
  return { ...result.output, name };
}

function complaint(issue: v.BaseIssue<unknown>): Complaint {
  const path = (issue.path ?? []).map((item) => String(item.key));
  return [path.join("."), reason(issue, path)];
}

function reason(issue: v.BaseIssue<unknown>, path: readonly string[]): string {
  const hint = describe(stageSchema, path);
  if (issue.type === "strict_object" && issue.expected === "never")
    return "unknown key: remove it or correct its spelling";
  const fault =
    issue.input === undefined ? "missing" : issue.type === "strict_object" ? "must be an object" : issue.message;
  return hint === undefined ? fault : `${fault}: ${hint}`;
}

/** The schema's description at this path of keys. */
function describe(schema: v.GenericSchema, path: readonly string[]): string | undefined {
  const bare = unwrap(schema);
  const [key, ...rest] = path;
  if (key === undefined) return v.getDescription(bare);
  if ("options" in bare && Array.isArray(bare.options))
    return (bare.options as unknown[])
      .filter((option): option is v.GenericSchema => typeof option === "object")
      .map((option) => describe(option, path))
      .find((description) => description !== undefined);
  if ("item" in bare) return describe(bare.item as v.GenericSchema, rest);
  const entries = "entries" in bare ? (bare.entries as Readonly<Record<string, v.GenericSchema>>) : {};
  const entry = entries[key];
  return entry === undefined ? undefined : describe(entry, rest);
}

const unwrap = (schema: v.GenericSchema): v.GenericSchema =>
  "wrapped" in schema ? unwrap(schema.wrapped as v.GenericSchema) : schema;
