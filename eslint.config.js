import tseslint from "typescript-eslint";

const nothingHidden = [
  "error",
  ...["Date", "Math"].map((object) => ({ object, property: object === "Date" ? "now" : "random" })),
];

export default tseslint.config(
  { ignores: ["node_modules", "cdk.out", "coverage", ".local", "**/*.js", "**/*.mjs", "**/*.cjs"] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  // Functions log by standard output alone (docs/aws.md, CloudWatch Logs); all else runs in a terminal.
  { files: ["bin/**", "local/**", "test/**", "tools/**"], rules: { "no-console": "off" } },
  {
    // process.env only where a process or a function starts (docs/architecture.md, Rooms).
    files: ["lib/**", "lambdas/**"],
    ignores: ["lambdas/entrypoints/**"],
    rules: { "no-restricted-properties": ["error", { object: "process", property: "env" }] },
  },
  {
    // The pure room: sync, no clock, no chance, no process.
    files: ["lambdas/core/**"],
    rules: {
      "no-restricted-properties": nothingHidden,
      "no-restricted-globals": ["error", "process", "setTimeout", "setInterval", "fetch"],
      "no-restricted-syntax": [
        "error",
        { selector: "AwaitExpression", message: "core never awaits" },
        { selector: "ThrowStatement", message: "core returns a Result" },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "time is a value passed in" },
      ],
    },
  },
);
