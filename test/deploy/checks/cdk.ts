import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { account, region } from "../emulator/emulator.ts";
import { run } from "../../support/programs/child.ts";

export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The real CDK CLI, the stacks unmodified. Each command throws an Error with the CLI's last lines if it fails. */
export interface Cdk {
  /** Prepares both Regions. */
  bootstrap(): Promise<void>;
  /** Deploys all stacks of a stage by plain `cdk deploy`, with CDK_ALL for several. Returns the outputs of each by name. */
  deploy(stage: string): Promise<Outputs>;
  /** The same by `npm run deploy -- STAGE`. */
  deployByScript(stage: string): Promise<Outputs>;
  /** Throws if anything deployed differs from the code. */
  diff(stage: string): Promise<void>;
}

export interface Place {
  /** Receives all calls to AWS. */
  readonly endpoint: string;
  /** Where assemblies, caches and the log go. */
  readonly directory: string;
  /** The project, or another release of it. */
  readonly project: string;
}

export function cdk({ endpoint, directory, project }: Place): Cdk {
  const call = (cwd: string, program: string, ...args: readonly string[]): Promise<string> =>
    run({
      program,
      args: [...args, "--no-notices"],
      cwd,
      env: { ...environment(endpoint, directory), ...(args[0] === "deploy" && { CDK_ALL: "true" }) },
      log: join(directory, "cdk.log"),
      seconds: 400, // only ends what hangs
    });
  const context = (stage: string): readonly string[] => ["--context", `stage=${stage}`];
  const into = (stage: string): readonly string[] => ["--output", join(directory, `cdk.out-${stage}`)];
  const outputs = async (
    stage: string,
    ...command: readonly [program: string, ...args: readonly string[]]
  ): Promise<Outputs> => {
    const file = join(directory, `outputs-${stage}.json`);
    await rm(file, { force: true });
    const quietly = ["--require-approval", "never", "--progress", "events", "--outputs-file", file];
    await call(project, ...command, ...into(stage), ...quietly);
    return JSON.parse(await readFile(file, "utf8")) as Outputs;
  };
  return {
    bootstrap: async () => {
      // Outside the project, so that the CLI finds no app to synthesize first.
      await call(directory, "cdk", "bootstrap", ...[region, "us-east-1"].map((where) => `aws://${account}/${where}`));
    },
    deploy: (stage) => outputs(stage, "cdk", "deploy", ...context(stage)),
    deployByScript: (stage) => outputs(stage, "tsx", "bin/deploy.ts", stage, "--"),
    diff: async (stage) => {
      await call(project, "cdk", "diff", "--all", ...context(stage), ...into(stage), "--fail");
    },
  };
}

/** The caller's AWS configuration, credentials and proxies must not reach the CLI. */
function environment(endpoint: string, directory: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|https?_proxy$|all_proxy$)/iu.test(name));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    CDK_HOME: join(directory, "cdk-home"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    CDK_DISABLE_VERSION_CHECK: "true",
    CI: "true",
  };
}
