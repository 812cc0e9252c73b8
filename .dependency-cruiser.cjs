/** The doors between the rooms (docs/architecture.md). Each rule says who may open which door. */
const room = (name) => `^lambdas/${name}/`;
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: allowed },
});
/** As far as rooms of lambdas go; packages have doors of their own. */
const knows = (name, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: name === "env" ? "^lambdas/env\\.ts$" : room(name) },
  to: { path: "^lambdas/", pathNot: [room(name), ...allowed.map(room)] },
});
const closed = (name, from, to, comment) => ({ name, comment, severity: "error", from, to });

/** Wings of every room, from the innermost outwards; those of one step do not know each other (docs/architecture.md). */
const WINGS = [["shared"], ["pbx"], ["push", "domains"], ["mail"], ["web", "registration", "monitoring"], ["admin"]];
/** Ports have a file for each wing; what serves every wing is shared, and so are the clients of AWS. */
const SHARED = "|adapters/aws/(client|wire)/|ports/(clock|counters|errors|telemetry)\\.ts$";
const wing = (names) =>
  `^lambdas/((core|usecases|adapters/aws|handlers|views)/(${names.join("|")})/|ports/(${names.join("|")})\\.ts$${names.includes("shared") ? SHARED : ""})`;
const wings = WINGS.flatMap((step, index) =>
  step.map((name) => ({
    name: `wing-${name}`,
    comment: `${name} may know ${["itself", ...WINGS.slice(0, index).flat()].join(", ")}`,
    severity: "error",
    from: { path: wing([name]) },
    to: {
      path: wing(
        WINGS.slice(index)
          .flat()
          .filter((other) => other !== name),
      ),
    },
  })),
).filter(({ to }) => !to.path.includes("()"));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "\\.(config|cjs|mjs|js)",
          "\\.config\\.ts$",
          "^test/",
          "\\.d\\.ts$",
          "^lib/functions/shared/node-http\\.ts$",
        ],
      },
      to: {},
    },
    only(
      "core-is-pure",
      room("core"),
      [room("core"), "^(node:)?(crypto|url)$", "node_modules/(ipaddr\\.js|(@types/)?validator|tldts)/"],
      "core imports core, pure built-ins, and packages that only compute",
    ),
    closed(
      "public-suffixes-in-one-file",
      { path: "^(lambdas|lib|bin|local|tools)/", pathNot: "^lambdas/core/domains/proof/name-rights\\.ts$" },
      { path: "node_modules/tldts/" },
      "large, and of no use to a function that registers nobody",
    ),
    closed(
      "composer-in-one-file",
      { pathNot: "^lambdas/adapters/aws/mail/mail\\.ts$" },
      { path: "node_modules/nodemailer/" },
      "of no use to a function that sends no email",
    ),
    only("ports-are-types", room("ports"), [room("ports"), room("core")], "ports are types over core"),
    only(
      "usecases",
      room("usecases"),
      [room("usecases"), room("core"), room("ports")],
      "use cases know core and ports",
    ),
    only(
      "views",
      room("views"),
      [room("views"), room("core"), "node_modules/preact"],
      "views turn values of core into HTML and text",
    ),
    only(
      "handlers",
      room("handlers"),
      [
        room("handlers"),
        room("usecases"),
        room("core"),
        room("ports"),
        room("views"),
        room("middleware"),
        "node_modules/(valibot|@types)",
      ],
      "handlers are thin: event, use case, reply",
    ),
    knows("adapters", ["ports", "core"], "adapters fulfil ports with values of core"),
    knows("middleware", ["ports"], "middleware knows events and ports, no story"),
    knows("env", ["core", "ports"], "what an entrypoint reads of its environment, in types of core and ports"),
    closed(
      "entrypoints-compose",
      { path: room("entrypoints") },
      { path: "node_modules/", dependencyTypesNot: ["type-only"] },
      "packages come in through the rooms that entrypoints put together",
    ),
    closed(
      "entrypoints-are-ends",
      {},
      { path: "^lambdas/entrypoints/[^/]+$" },
      "Lambda alone loads an entrypoint; what two of them put together alike is in shared/",
    ),
    closed(
      "entrypoints-share",
      { pathNot: room("entrypoints") },
      { path: room("entrypoints/shared") },
      "compositions are for entrypoints",
    ),
    closed(
      "lambdas-stand-alone",
      { path: "^lambdas/" },
      { path: "^((lib|bin|local|test|tools)/|[^/]+\\.ts$)" },
      "functions know nothing of how they are deployed, run here or tested",
    ),
    closed(
      "lambdas-ship-dependencies",
      { path: "^lambdas/" },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
      "what functions load is a dependency and in the list of what runs in production",
    ),
    closed(
      "aws-sdk-behind-adapters",
      { path: "^(lambdas|lib|local)/", pathNot: room("adapters/aws") },
      { path: "node_modules/@(aws-sdk|smithy)/" },
      "AWS is behind ports; the engine speaks AWS's protocols itself",
    ),
    closed(
      "middy-in-middleware",
      { pathNot: room("middleware") },
      { path: "node_modules/@middy/" },
      "one place knows how events are wrapped",
    ),
    closed(
      "sign-in-in-one-adapter",
      { path: "^(lambdas|lib|local|bin)/", pathNot: "^lambdas/adapters/oidc\\.ts$" },
      { path: "node_modules/(openid-client|oauth4webapi|jose)/" },
      "the library for sign-ins is in the console's bundle only",
    ),
    closed(
      "cdk-in-lib",
      { pathNot: "^(lib/|bin/push-service\\.ts|test/lib/)" },
      { path: "node_modules/(aws-cdk-lib|constructs|cdk-nag)/" },
      "the CDK takes a second to load",
    ),
    closed(
      "lib-borrows-types-only",
      { path: "^lib/" },
      { path: "^(lambdas|local|bin|test|tools)/", dependencyTypesNot: ["type-only"] },
      "a deployment holds no code of what it deploys",
    ),
    closed(
      "stacks-meet-in-push-service",
      { path: "^lib/", pathNot: "^lib/push-service\\.ts$" },
      { path: "^lib/[a-z]+-stack\\.ts$" },
      "constructs and stacks take tables, topics and keys, so that each can be read and tested without the others",
    ),
    closed(
      "local-is-an-engine",
      { path: "^local/", pathNot: "^local/product\\.ts$" },
      { path: "^(lambdas|lib)/" },
      "it learns the product from the assembly; what it does not find there is in local/product.ts",
    ),
    closed(
      "local-serves-commands",
      { path: "^local/" },
      { path: "^((bin|tools|test)/|[^/]+\\.ts$)" },
      "commands, tools and tests start the engine, never the other way round",
    ),
    closed(
      "pbx-speaks-for-itself",
      { path: "^(bin/(pbx/|pbx\\.ts|shared/(?!stage\\.ts))|tools/fleet/)" },
      { path: "^(lambdas|lib|local)/" },
      "the PBX on the command line checks the service only if it shares no line of the protocol with it",
    ),
    closed(
      "commands-call-the-service",
      { path: "^bin/", pathNot: "^bin/rebuild/" },
      { path: "^lambdas/", dependencyTypesNot: ["type-only"] },
      "a command asks the deployed service; only rebuild-endpoints does its work, with its adapters",
    ),
    closed(
      "commands-know-the-wire",
      { path: "^bin/", pathNot: "^bin/rebuild/" },
      { path: "^lambdas/(?!handlers/admin/wire\\.ts)" },
      "of the service they know what the operator's API answers",
    ),
    closed(
      "engine-in-bin-local",
      { path: "^bin/", pathNot: "^bin/(local/|local\\.ts)" },
      { path: "^local/" },
      "the other commands speak to any stage, wherever it runs",
    ),
    closed(
      "bin-without-tools",
      { path: "^bin/" },
      { path: "^tools/(?!fleet/)" },
      "what users run measures nothing; the fleet alone is a verb of the PBX",
    ),
    closed(
      "tools-borrow-test-support",
      { path: "^tools/" },
      { path: "^test/(?!support/)" },
      "tools share helpers with tests, not tests",
    ),
    closed(
      "support-stands-alone",
      { path: "^test/support/" },
      { path: "^test/(?!support/)" },
      "what tests share knows no test",
    ),
    closed("tests-are-ends", { path: "^(lib|bin)/" }, { path: "^test/" }, "nothing that is delivered knows a test"),
    ...wings,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(cdk\\.out|coverage|\\.local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
