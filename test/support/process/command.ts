import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { WAIT_MS } from "./waiting.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = promisify(execFile);

/** From version 24 on Node strips types itself, in half the time that tsx takes to start. */
export const NODE_ARGS: readonly string[] = process.features.typescript === false ? ["--import", "tsx"] : [];

/** The minimum that a process needs from its caller's environment, without settings for PBXes or AWS. */
export const bareEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, TMPDIR, NODE_COMPILE_CACHE };
};

/** Settings of the caller that no test may inherit, as they may point to a real stage. */
export const isCallers = (name: string): boolean => /^(AWS_|PUSH_|PBX_|ADMIN_)/u.test(name);

/** No credentials anywhere: neither a profile nor an instance. */
export const NO_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_PROFILE: "nobody",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** A command line as people start it, without the caller's AWS settings. */
export async function command(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const own = Object.entries(process.env).filter(([name]) => !isCallers(name));
  const env = {
    ...Object.fromEntries(own),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    ...environment,
  };
  try {
    const { stdout, stderr } = await run(process.execPath, [...NODE_ARGS, script, ...args], { env, timeout: WAIT_MS });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
