import { globSync, readFileSync } from "node:fs";

/** An example as it is written: variables of the environment, the program, its arguments. */
export interface Example {
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `push-admin`, `push-pbx`, or the npm script's name. */
  readonly program: string;
  readonly args: readonly string[];
}

const COMMAND =
  /(?:[A-Z_]+=\S+ )*(?:npx push-(?:admin|pbx)|npm run (?:admin|pbx|deploy|prove|rebuild-endpoints|gameday|bench(?::console)?|soak|fuzz|mutate|cost|scale|rights:mutate|test:deploy|test:moto|lint:templates|(?:--silent )?sbom)|npm start|npm run demo)(?![-,:\w])(?:[^`\n|;&#>()'"]|'[^'\n]*'|"[^"\n]*"|>(?= ))*/gu;
const WORD = /'([^']*)'|"([^"]*)"|(\S+)/gu;

/** Our commands in a text; inline code that wraps is read as one line. */
export const examplesIn = (text: string): readonly Example[] =>
  [...text.replace(/(`[^`\n]+)\n\s*([^`\n]+`)/gu, "$1 $2").matchAll(COMMAND)].map(([match]) => exampleOf(match));

function exampleOf(match: string): Example {
  const text = match
    .replace(/ >.*$/u, "")
    .trim()
    .replace(/[.,:]$/u, "");
  const words = [...text.matchAll(WORD)]
    .map(([, one, two, three]) => one ?? two ?? three ?? "")
    .filter((word) => word !== "--silent");
  const first = words.findIndex((word) => !/^[A-Z_]+=/u.test(word));
  const environment = Object.fromEntries(words.slice(0, first).map((word) => word.split("=") as [string, string]));
  const [command, second = "", ...rest] = words.slice(first);
  if (command === "npx") return { text, environment, program: second, args: rest };
  const args = second === "run" ? rest.slice(1) : rest;
  const script = second === "run" ? (rest[0] ?? "") : second;
  return {
    text,
    environment,
    program: ["admin", "pbx"].includes(script) ? `push-${script}` : script,
    args: args[0] === "--" ? args.slice(1) : args,
  };
}

/** Placeholders for the reader's values, and valid values. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  STAGE: "prod",
  $STAGE: "prod",
  N: "5",
  ACCOUNT: "pbx.example.com",
  DOMAIN: "pbx.example.com",
  PBX: "pbx.example.com",
  ADDRESS: "owner@example.com",
  SECRET: "secret",
  URL: "http://127.0.0.1:8080/push/ws",
  "$(output service PushUrl)": "http://127.0.0.1:8080/push/ws",
  TOKEN: `ios-call:${"ab".repeat(32)}`,
  "APP:DEVICE": `ios-call:${"ab".repeat(32)}`,
  TOKEN_KEY_ARN_OF_OLD_OR_REPLICA: "arn:aws:kms:eu-west-1:123456789012:key/mrk-1",
};

/** The arguments as a reader would type them, including optional ones in brackets. */
export const typed = ({ args }: Example): readonly string[] =>
  args.map((arg) => {
    const bare = arg.replace(/^\[|\]$/gu, "").replace(/=USD$/u, "=1");
    return (
      PLACEHOLDERS[bare] ??
      bare.replace(/^(ios-call|ios|android):(TOKEN|\w+…)$/u, `$1:${"ab".repeat(32)}`).replaceAll("…", "cd")
    );
  });

/** All examples of the documents, each once. */
export function documentedExamples(): readonly Example[] {
  const files = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...globSync("docs/**/*.md")];
  return once(files.flatMap((file) => examplesIn(readFileSync(file, "utf8"))));
}

export const once = (examples: readonly Example[]): readonly Example[] => [
  ...new Map(examples.map((example) => [example.text, example])).values(),
];
