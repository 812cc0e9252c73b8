import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from "dependency-cruiser";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);
const { forbidden, options } = require("../../.dependency-cruiser.cjs") as {
  forbidden: readonly IForbiddenRuleType[];
  options: ICruiseOptions & { readonly enhancedResolveOptions: object };
};
const onCallPath = require("../../.dependency-cruiser.lean.cjs") as { forbidden: readonly IForbiddenRuleType[] };

/** The rule, where an import is injected, and what it imports: a file, a package or a built-in of Node. `type`: for its types only. */
const FORBIDDEN: readonly (readonly [rule: string, from: string, to: string, type?: "type"])[] = [
  ["core-is-pure", "lambdas/core/push/a.ts", "lambdas/ports/push.ts", "type"],
  ["core-is-pure", "lambdas/core/push/b.ts", "valibot"],
  ["core-is-pure", "lambdas/core/push/c.ts", "node:fs"],
  ["public-suffixes-in-one-file", "lambdas/core/push/e.ts", "tldts"],
  ["public-suffixes-in-one-file", "lambdas/core/domains/b.ts", "tldts"],
  ["composer-in-one-file", "lambdas/adapters/aws/mail/b.ts", "nodemailer"],
  ["ports-are-types", "lambdas/ports/pbx.ts", "lambdas/usecases/pbx/target.ts", "type"],
  ["usecases", "lambdas/usecases/push/a.ts", "lambdas/adapters/aws/push/target.ts"],
  ["usecases", "lambdas/usecases/push/b.ts", "lambdas/handlers/push/target.ts"],
  ["usecases", "lambdas/usecases/push/c.ts", "node:crypto"],
  ["views", "lambdas/views/mail/a.tsx", "lambdas/usecases/mail/target.ts", "type"],
  ["views", "lambdas/views/mail/b.tsx", "valibot"],
  ["handlers", "lambdas/handlers/push/a.ts", "lambdas/adapters/aws/push/target.ts"],
  ["handlers", "lambdas/handlers/push/b.ts", "lambdas/env.ts", "type"],
  ["adapters", "lambdas/adapters/aws/push/a.ts", "lambdas/handlers/push/target.ts"],
  ["adapters", "lambdas/adapters/aws/push/b.ts", "lambdas/usecases/push/target.ts", "type"],
  ["adapters", "lambdas/adapters/a.ts", "lambdas/middleware/target.ts"],
  ["adapters", "lambdas/adapters/b.ts", "lambdas/env.ts", "type"],
  ["middleware", "lambdas/middleware/a.ts", "lambdas/handlers/push/target.ts", "type"],
  ["middleware", "lambdas/middleware/b.ts", "lambdas/core/push/target.ts"],
  ["env", "lambdas/env.ts", "lambdas/adapters/target.ts"],
  ["entrypoints-compose", "lambdas/entrypoints/a.ts", "@middy/core"],
  ["entrypoints-compose", "lambdas/entrypoints/b.ts", "valibot"],
  ["entrypoints-are-ends", "lambdas/handlers/push/c.ts", "lambdas/entrypoints/target.ts"],
  ["entrypoints-are-ends", "lib/functions/a.ts", "lambdas/entrypoints/target.ts", "type"],
  ["entrypoints-are-ends", "test/handlers/a.ts", "lambdas/entrypoints/target.ts"],
  ["entrypoints-share", "lambdas/handlers/admin/a.ts", "lambdas/entrypoints/shared/target.ts"],
  ["entrypoints-share", "test/handlers/b.ts", "lambdas/entrypoints/shared/target.ts", "type"],
  ["sign-in-in-one-adapter", "lambdas/adapters/f.ts", "openid-client"],
  ["sign-in-in-one-adapter", "local/front/c.ts", "openid-client", "type"],
  ["lambdas-stand-alone", "lambdas/core/push/d.ts", "lib/target.ts", "type"],
  ["lambdas-stand-alone", "lambdas/adapters/c.ts", "local/target.ts"],
  ["lambdas-stand-alone", "lambdas/entrypoints/c.ts", "test/support/target.ts"],
  ["lambdas-stand-alone", "lambdas/entrypoints/d.ts", "stages.ts"],
  ["lambdas-stand-alone", "lambdas/handlers/push/d.ts", "tools/shared/target.ts"],
  ["lambdas-ship-dependencies", "lambdas/adapters/d.ts", "ws"],
  ["aws-sdk-behind-adapters", "lambdas/usecases/push/d.ts", "@aws-sdk/client-sns", "type"],
  ["aws-sdk-behind-adapters", "lambdas/adapters/e.ts", "@aws-sdk/client-sns"],
  ["aws-sdk-behind-adapters", "local/sns/a.ts", "@aws-sdk/client-sns"],
  ["middy-in-middleware", "lambdas/handlers/push/e.ts", "@middy/core"],
  ["cdk-in-lib", "bin/deploy/a.ts", "aws-cdk-lib"],
  ["cdk-in-lib", "tools/cost/a.ts", "aws-cdk-lib", "type"],
  ["lib-borrows-types-only", "lib/functions/b.ts", "lambdas/core/push/target.ts"],
  ["lib-borrows-types-only", "lib/functions/c.ts", "tools/shared/target.ts"],
  ["stacks-meet-in-push-service", "lib/functions/a.ts", "lib/data-stack.ts", "type"],
  ["stacks-meet-in-push-service", "lib/edge-stack.ts", "lib/service-stack.ts", "type"],
  ["local-is-an-engine", "local/sns/b.ts", "lambdas/core/push/target.ts", "type"],
  ["local-is-an-engine", "local/front/a.ts", "lib/target.ts"],
  ["local-serves-commands", "local/front/b.ts", "bin/pbx/target.ts"],
  ["local-serves-commands", "local/product.ts", "stages.ts"],
  ["pbx-speaks-for-itself", "bin/pbx/a.ts", "lambdas/core/pbx/target.ts", "type"],
  ["pbx-speaks-for-itself", "tools/fleet/a.ts", "local/target.ts"],
  ["commands-call-the-service", "bin/admin/a.ts", "lambdas/core/domains/target.ts"],
  ["commands-know-the-wire", "bin/admin/a.ts", "lambdas/core/domains/target.ts", "type"],
  ["pbx-speaks-for-itself", "bin/shared/a.ts", "lib/target.ts"],
  ["engine-in-bin-local", "bin/prove/a.ts", "local/target.ts"],
  ["bin-without-tools", "bin/local/a.ts", "tools/gameday/target.ts"],
  ["tools-borrow-test-support", "tools/fuzz/a.ts", "test/e2e/target.ts"],
  ["support-stands-alone", "test/support/process/a.ts", "test/deploy/target.ts"],
  ["tests-are-ends", "bin/admin/b.ts", "test/support/target.ts"],
  ["tests-are-ends", "lib/functions/d.ts", "test/support/target.ts", "type"],
  ["no-circular", "lib/circle/a.ts", "lib/circle/b.ts"],
  ["no-sdk-clients-on-the-call-path", "lambdas/entrypoints/push.ts", "@aws-sdk/client-sns"],
  ["wing-shared", "lambdas/core/shared/a.ts", "lambdas/core/pbx/target.ts"],
  ["wing-shared", "lambdas/ports/clock.ts", "lambdas/ports/push.ts"],
  ["wing-pbx", "lambdas/usecases/pbx/a.ts", "lambdas/core/push/target.ts"],
  ["wing-push", "lambdas/usecases/push/e.ts", "lambdas/usecases/domains/target.ts"],
  ["wing-domains", "lambdas/handlers/domains/a.ts", "lambdas/core/push/target.ts", "type"],
  ["wing-mail", "lambdas/adapters/aws/mail/a.ts", "lambdas/core/registration/target.ts"],
  ["wing-web", "lambdas/usecases/web/a.ts", "lambdas/usecases/registration/target.ts"],
  ["wing-registration", "lambdas/views/registration/a.tsx", "lambdas/views/monitoring/target.ts"],
  ["wing-monitoring", "lambdas/usecases/monitoring/a.ts", "lambdas/usecases/admin/target.ts"],
];

/** Neighbours of the above that must stay open: a rule that forbids everything would find all injected imports, too. */
const ALLOWED: readonly (readonly [from: string, to: string, type?: "type"])[] = [
  ["lambdas/core/push/open.ts", "node:crypto"],
  ["lambdas/core/push/open.ts", "lambdas/core/shared/target.ts"],
  ["lambdas/usecases/admin/open.ts", "lambdas/usecases/domains/target.ts"],
  ["lambdas/views/mail/open.tsx", "preact"],
  ["lambdas/handlers/push/open.ts", "valibot"],
  ["lambdas/adapters/aws/push/open.ts", "@aws-sdk/client-sns"],
  ["lambdas/middleware/open.ts", "@middy/core"],
  ["lambdas/entrypoints/open.ts", "lambdas/adapters/aws/push/target.ts"],
  ["lambdas/entrypoints/open.ts", "lambdas/handlers/push/target.ts"],
  ["lambdas/adapters/open.ts", "ws", "type"],
  ["lib/functions/open.ts", "lambdas/core/push/target.ts", "type"],
  ["lib/functions/open.ts", "aws-cdk-lib"],
  ["bin/pbx/open.ts", "tools/fleet/target.ts"],
  ["bin/rebuild/open.ts", "lambdas/adapters/aws/push/target.ts"],
  ["bin/local/open.ts", "local/target.ts"],
  ["tools/fuzz/open.ts", "lambdas/handlers/push/target.ts"],
  ["tools/fuzz/open.ts", "test/support/target.ts"],
  ["test/core/open.ts", "lambdas/core/push/target.ts"],
];

const PACKAGES = ["@aws-sdk/client-sns", "@middy/core", "nodemailer", "openid-client", "preact", "tldts", "valibot"];
const DEVELOPMENT = ["aws-cdk-lib", "ws"];

const isFile = (to: string) => /\.tsx?$/u.test(to);
const key = (from: string, to: string) => `${from} -> ${to}`;

/** Writes all files with their imports below a new directory, and packages with nothing in them. */
function writeTree(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "doors-")));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "1.0.0"]));
  write(
    "package.json",
    JSON.stringify({ type: "module", dependencies: versions(PACKAGES), devDependencies: versions(DEVELOPMENT) }),
  );
  write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { module: "nodenext", allowImportingTsExtensions: true, noEmit: true } }),
  );
  for (const name of [...PACKAGES, ...DEVELOPMENT]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", exports: "./index.js" }));
    write(`node_modules/${name}/index.js`, "exports.value = 1;");
  }
  const edges = [...FORBIDDEN.map(([, ...edge]) => edge), ...ALLOWED, ["lib/circle/b.ts", "lib/circle/a.ts"] as const];
  const lines = new Map<string, string[]>();
  for (const [from, to, type] of edges) {
    const specifier = isFile(to) ? `./${relative(dirname(from), to)}` : to;
    if (isFile(to) && !lines.has(to)) lines.set(to, []);
    lines.set(from, [
      ...(lines.get(from) ?? []),
      `import ${type === "type" ? "type " : ""}{ value as v${lines.get(from)?.length ?? 0} } from "${specifier}";`,
    ]);
  }
  for (const [file, imports] of lines) {
    const uses = imports.map((line, index) =>
      line.startsWith("import type")
        ? `export type V${index} = typeof v${index};`
        : `export const w${index} = v${index};`,
    );
    write(file, [...imports, ...uses, "export const value = 1;"].join("\n"));
  }
  write("lib/alone.ts", "export const value = 1;");
  return root;
}

/** Names of the broken rules by import. */
const broken = new Map<string, string[]>();
let orphans: readonly string[] = [];

beforeAll(async () => {
  const baseDir = writeTree();
  const ruleSet = { forbidden: [...forbidden, ...onCallPath.forbidden] };
  const { output } = await cruise(
    ["bin", "lib", "lambdas", "local", "test", "tools"],
    { ...options, baseDir, validate: true, ruleSet },
    options.enhancedResolveOptions,
  );
  const { summary } = output as ICruiseResult;
  for (const { from, to, rule } of summary.violations)
    broken.set(key(from, to), [...(broken.get(key(from, to)) ?? []), rule.name]);
  orphans = summary.violations.filter(({ rule }) => rule.name === "no-orphans").map(({ from }) => from);
});

const resolved = (to: string) =>
  isFile(to) ? to : to.startsWith("node:") ? to.slice("node:".length) : `node_modules/${to}/index.js`;

describe("the doors between the rooms", () => {
  it.each(FORBIDDEN.map(([rule, from, to]) => ({ rule, from, to })))(
    "$rule: report $from that imports $to",
    ({ rule, from, to }) => {
      expect(broken.get(key(from, resolved(to)))).toContain(rule);
    },
  );

  it.each(ALLOWED.map(([from, to]) => ({ from, to })))("let $from import $to", ({ from, to }) => {
    expect(broken.get(key(from, resolved(to)))).toBeUndefined();
  });

  it("report a file that is never imported", () => {
    expect(orphans).toEqual(["lib/alone.ts"]);
  });

  it("are all tried above", () => {
    const tried = new Set([...FORBIDDEN.map(([rule]) => rule), "no-orphans"]);
    expect(
      [...forbidden, ...onCallPath.forbidden].map(({ name }) => name).filter((name) => !tried.has(name ?? "")),
    ).toEqual([]);
  });
});
