import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { missingFrom, packagesIn } from "../../../tools/sbom/packages.ts";

describe("the packages of a bundle", () => {
  const build = (contents: string) =>
    buildSync({
      stdin: { contents, resolveDir: process.cwd(), loader: "ts" },
      bundle: true,
      write: false,
      outdir: ".",
      platform: "node",
      format: "esm",
      metafile: true,
    }).metafile;
  const names = (contents: string) =>
    packagesIn(process.cwd(), [build(contents)]).map((each) => each.replace(/@[\d.]+$/u, ""));

  it("are those that contribute code to it, including dependencies", () => {
    const contents = 'import { render } from "preact-render-to-string"; console.log(render);';
    expect(names(contents)).toEqual(["preact-render-to-string", "preact"]);
  });

  it("do not include packages imported only for types", () => {
    expect(names('import type { VNode } from "preact"; console.log({} as VNode);')).toEqual([]);
  });

  it("are reported by name and version if a list lacks them", () => {
    const packages = ["@middy/core@7.9.2", "ipaddr.js@2.5.0", "preact@11.2.0"];
    const components = [
      { group: "@middy", name: "core", version: "7.9.2" },
      { name: "preact", version: "10.0.0" },
    ];
    expect(missingFrom(components, packages)).toEqual(["ipaddr.js@2.5.0", "preact@11.2.0"]);
  });
});
