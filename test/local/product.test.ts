import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const HOME = "local";
/** Paths, variables, commands, metrics and documents of the product; `/push` alone is a method of arrays. */
const NAMES = /["'`(]\/push\b|npm run|\bAPPS\b|DEADLINE_MS|DNS_SERVERS|PushService|push-service|docs\/operations/u;

const naming = globSync("**/*.{ts,tsx}", { cwd: HOME }).filter((file) =>
  NAMES.test(readFileSync(join(HOME, file), "utf8")),
);

describe("the names of the product in the local engine", () => {
  it("stand in one file", () => {
    expect(naming).toEqual(["product.ts"]);
  });
});
