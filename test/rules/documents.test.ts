import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .split("\n")
  .filter((file) => /\.(ts|tsx|md|cjs|js|yml|yaml)$/u.test(file) && existsSync(file));
const documents = files.filter((file) => file.endsWith(".md"));
const textOf = (file: string): string => readFileSync(file, "utf8");

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (file: string): readonly string[] =>
  withoutCode(textOf(file))
    .split("\n")
    .flatMap((line) => /^#+ (.+)$/u.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .replaceAll(/\[([^\]]+)\]\([^)]*\)/gu, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
/** With as many lines as before; without what a tool writes, too. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^\s*```[\s\S]*?^\s*```$|^<!-- begin [\s\S]*?^<!-- end /gmu, (code) =>
    code.replaceAll(/[^\n]/gu, ""),
  );

describe("documents", () => {
  it("are where code, comments and other documents name them", () => {
    const named = files.flatMap((file) =>
      [...textOf(file).matchAll(/(?<![\w./-])docs\/[\w/-]+\.md/gu)].map(([path]) => ({ file, path })),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ path }) => !existsSync(path))).toEqual([]);
  });

  it("link to files and headings that exist", () => {
    const links = documents.flatMap((file) =>
      [...withoutCode(textOf(file)).matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/gu)].map(
        ([link, path = "", anchor]) => ({ file, link, target: path === "" ? file : join(dirname(file), path), anchor }),
      ),
    );
    expect(links.length).toBeGreaterThan(100);
    const dead = links.filter(
      ({ target, anchor }) =>
        !existsSync(target) || (anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor)),
    );
    expect(dead.map(({ file, link }) => `${file}: ${link}`)).toEqual([]);
  });

  it("have lines of at most 120 characters outside tables, code and links", () => {
    const long = documents.flatMap((file) =>
      withoutCode(textOf(file))
        .split("\n")
        .flatMap((line, index) =>
          line.length <= 120 || /^\s*\|/u.test(line) || /^\s*\S*$/u.test(line) ? [] : [`${file}:${index + 1}`],
        ),
    );
    expect(long).toEqual([]);
  });

  it("have one heading of the first level each, and no second heading of the same words", () => {
    const twice = documents
      .filter((file) => file.startsWith("docs/"))
      .filter((file) => {
        const headings = withoutCode(textOf(file)).match(/^#+ .+$/gmu) ?? [];
        const words = headings.map((heading) => heading.replace(/^#+ /u, ""));
        const [first] = words;
        return (
          headings.filter((heading) => heading.startsWith("# ")).length !== 1 || words.lastIndexOf(first ?? "") > 0
        );
      });
    expect(twice).toEqual([]);
  });
});
