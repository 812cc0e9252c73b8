/** What the functions that a PBX waits for load: types are erased by then, so this looks at the JavaScript (npm run rules). */
const { options } = require("./.dependency-cruiser.cjs");

module.exports = {
  forbidden: [
    {
      name: "no-sdk-clients-on-the-call-path",
      comment: "a client of the SDK costs a cold start more than all the rest (docs/decisions.md)",
      severity: "error",
      from: { path: "^lambdas/entrypoints/(push|session)\\.ts$" },
      to: { path: "node_modules/@aws-sdk/client-", reachable: true },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false },
};
