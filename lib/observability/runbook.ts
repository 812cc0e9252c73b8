import type { StageConfig } from "../config.ts";

type Place = Pick<StageConfig, "runbookUrl">;

/** Link into the runbook, or its path in the repository if the configuration has no runbookUrl. */
export const runbookAt = ({ runbookUrl = "docs/operate/runbook.md" }: Place, anchor: string): string =>
  `${runbookUrl}#${anchor}`;

/** Markdown whose links `(#anchor)` lead into the runbook; plain words without a runbookUrl. */
export const linked = ({ runbookUrl }: Place, markdown: string): string =>
  runbookUrl === undefined
    ? markdown.replaceAll(/\[([^\]]+)\]\(#[\w-]+\)/gu, "$1")
    : markdown.replaceAll("](#", `](${runbookUrl}#`);
