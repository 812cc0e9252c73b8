/** The doors between the rooms (docs/architecture.md). Each rule says who may open which door. */
const room = (name) => `^lambdas/${name}/`;
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { pathNot: allowed },
});

/** Wings of every room, from the innermost outwards; those of one step do not know each other (docs/architecture.md). */
const WINGS = [["shared"], ["pbx"], ["push", "domains"], ["mail"], ["web", "registration", "monitoring"], ["admin"]];
/** Ports have a file for each wing; what no wing owns is shared. */
const wing = (names) =>
  `^lambdas/((core|usecases|adapters/aws|handlers|views)/(${names.join("|")})/|ports/(${names.flatMap((name) => (name === "shared" ? ["clock", "counters", "errors", "telemetry"] : [name])).join("|")})\\.ts$)`;
const wings = WINGS.flatMap((step, index) =>
  step.map((name) => ({
    name: `wing-${name}`,
    comment: `${name} may know ${["itself", ...WINGS.slice(0, index).flat()].join(", ")}`,
    severity: "error",
    from: { path: wing([name]) },
    to: { path: wing(WINGS.slice(index).flat().filter((other) => other !== name)) },
  })),
).filter(({ to }) => !to.path.includes("()"));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.(config|cjs|mjs|js)", "\\.config\\.ts$", "^test/", "\\.d\\.ts$", "^lib/constructs/node-http\\.ts$"] },
      to: {},
    },
    only("core-is-pure", room("core"), [room("core"), "^(node:)?(crypto|url)$"], "core imports core and pure built-ins"),
    only("ports-are-types", room("ports"), [room("ports"), room("core")], "ports are types over core"),
    only("usecases", room("usecases"), [room("usecases"), room("core"), room("ports")], "use cases know core and ports"),
    only(
      "views",
      room("views"),
      [room("views"), room("core"), "node_modules/preact"],
      "views turn values of core into HTML and text",
    ),
    only(
      "handlers",
      room("handlers"),
      [room("handlers"), room("usecases"), room("core"), room("ports"), room("views"), room("middleware"), "node_modules/(valibot|@types)"],
      "handlers are thin: event, use case, reply",
    ),
    {
      name: "aws-sdk-behind-adapters",
      severity: "error",
      from: { path: "^(lambdas|lib)/", pathNot: room("adapters/aws") },
      to: { path: "node_modules/@(aws-sdk|smithy)/" },
    },
    {
      name: "middy-in-middleware",
      severity: "error",
      from: { path: ".*", pathNot: room("middleware") },
      to: { path: "node_modules/@middy/" },
    },
    {
      name: "cdk-in-lib",
      severity: "error",
      from: { path: ".*", pathNot: "^(lib/|bin/push-service\\.ts|test/lib/)" },
      to: { path: "node_modules/(aws-cdk-lib|constructs|cdk-nag)/" },
    },
    {
      name: "lib-borrows-types-only",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(lambdas|local|bin|test)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pbx-speaks-for-itself",
      comment: "the PBX on the command line checks the service only if it shares no line of the protocol with it",
      severity: "error",
      from: { path: "^bin/(pbx/|pbx\\.ts)" },
      to: { path: "^(lambdas|lib|local)/" },
    },
    { name: "lambdas-stand-alone", severity: "error", from: { path: "^lambdas/" }, to: { path: "^(lib|bin|local|test)/" } },
    ...wings,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(cdk\\.out|coverage|\\.local)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"], extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"] },
  },
};
