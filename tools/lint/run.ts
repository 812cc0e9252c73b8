import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { findPhrases } from "./phrases.ts";

/** Everything people read: documents, pages, emails, messages and comments. German texts and this list are left out. */
const READ = ["*.md", "lambdas", "lib", "bin", "local", "tools", "stages.ts"];
const LEFT_OUT = /(\.de\.ts|\/de\.ts|^tools\/lint\/|\.json|\.svg|\.png)$|^tools\/lint\//u;

const files = execFileSync("git", ["ls-files", "--", ...READ], { encoding: "utf8" }).split("\n");
const findings = files
  .filter((file) => file !== "" && !LEFT_OUT.test(file))
  .flatMap((file) => findPhrases(readFileSync(file, "utf8")).map((finding) => ({ file, ...finding })));
for (const { file, line, found, instead } of findings) console.log(`${file}:${line}: "${found}": ${instead}`);
process.exitCode = findings.length > 0 ? 1 : 0;
