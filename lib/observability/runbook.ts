import type { StageConfig } from "../config.ts";

type Place = Pick<StageConfig, "runbookUrl">;

/** Where docs/operate/runbook.md says what to do: an address, or its name where the configuration tells none. */
export const runbookAt = ({ runbookUrl = "docs/operate/runbook.md" }: Place, anchor: string): string =>
  `${runbookUrl}#${anchor}`;

/** Markdown whose links `(#anchor)` lead there; words without a link where nobody could follow it. */
export const linked = ({ runbookUrl }: Place, markdown: string): string =>
  runbookUrl === undefined
    ? markdown.replaceAll(/\[([^\]]+)\]\(#[\w-]+\)/gu, "$1")
    : markdown.replaceAll("](#", `](${runbookUrl}#`);
