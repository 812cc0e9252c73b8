import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { functionName } from "../../local/product.ts";

const HOME = "local";
/** Paths, variables, commands, metrics and documents of the product; `/push` alone is a method of arrays. */
const NAMES = /["'`(]\/push\b|npm run|\bAPPS\b|DEADLINE_MS|DNS_SERVERS|PushService|push-service|docs\/operations/u;

const naming = globSync("**/*.{ts,tsx}", { cwd: HOME }).filter((file) =>
  NAMES.test(readFileSync(join(HOME, file), "utf8")),
);

describe("the names of the product in the local engine", () => {
  it("appear in one file", () => {
    expect(naming).toEqual(["product.ts"]);
  });
});

it.each([
  [
    "arn:aws:lambda:eu-central-1:000000000000:function:push-local-service-FunctionsSessionFunction3B637939-a0a5eb50",
    "session",
  ],
  ["push-local-observability-HistoryFunction20D4D2CA-abcdef", "history"],
  ['{"Ref":"FunctionsPushLive0A1B2C3D"}', "push"],
  ["push-local-console", "console"],
  ["push-blue-green-console", "console"],
  ["FunctionsServiceRole", undefined],
])("%s names the function %s", (text, name) => {
  expect(functionName(text)).toBe(name);
});
