import { readFileSync } from "node:fs";

/** One assumption of docs/unproven.md: a heading with its id, the assumption, and a list of facts. */
export interface Row {
  readonly id: string;
  readonly assumption: string;
  /** Public sources settled it: kept because a program may still try it, or because it was refuted. */
  readonly settled: boolean;
  /** By the words in front of the colon: `If wrong`, `Evidence`, `Fallback`, `Prove`, `Source`, `Verdict`. */
  readonly facts: Readonly<Record<string, string>>;
}

export const UNPROVEN = new URL("../../docs/unproven.md", import.meta.url);
const SETTLED = "Settled, by what";

/** The rows of docs/unproven.md in its order. What is wrapped or fenced is read as one line. */
export function rowsOf(markdown: string): readonly Row[] {
  return markdown.split(/^## /mu).flatMap((section) => {
    const settled = section.startsWith(SETTLED);
    return section
      .split(/^### /mu)
      .slice(1)
      .flatMap((text) => row(text, settled));
  });
}

function row(text: string, settled: boolean): readonly Row[] {
  const [heading = "", ...lines] = text.split("\n");
  const id = /^(?:\d+\. )?`([a-z0-9-]+)`$/u.exec(heading)?.[1];
  if (id === undefined) return [];
  const [assumption = "", ...items] = lines
    .join("\n")
    .split(/^- /mu)
    .map((part) => part.replaceAll(/\s+/gu, " ").trim());
  const facts = items.map((item) => /^([A-Z][a-z ]+): (.+)$/u.exec(item)).filter((match) => match !== null);
  return [
    { id, assumption, settled, facts: Object.fromEntries(facts.map(([, name = "", fact = ""]) => [name, fact])) },
  ];
}

export const unprovenRows = (): readonly Row[] => rowsOf(readFileSync(UNPROVEN, "utf8"));
