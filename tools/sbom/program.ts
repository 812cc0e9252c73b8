import { Command } from "commander";

/** `npm run sbom`. */
export const sbomProgram = (): Command =>
  new Command("npm run sbom --")
    .description("Prints the packages in the functions' bundles as a CycloneDX document.")
    .addHelpText(
      "after",
      `
Example:
  $ npm run --silent sbom > sbom.json

Exit code: 0 done, 1 the list lacks a package of the bundles, 2 wrong usage.`,
    )
    .action(async () => void (await import("./run.ts")));
