import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { PATIENT } from "./shared/credentials.ts";

export type Outputs = Readonly<Record<string, string>>;

/**
 * Outputs of one deployed stack, by name, with the credentials of the SDK's chain. Throws an Error that says what to do
 * when there is no such stack or it cannot be read. Ends within 20 s.
 */
export async function stackOutputs(region: string, stack: string): Promise<Outputs> {
  const client = new CloudFormationClient({ region, ...PATIENT });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
  } catch (error) {
    const { name, message } = error as Error;
    const missing = name === "ValidationError" && message.includes("does not exist");
    throw new Error(
      missing
        ? `there is no stack ${stack} in ${region} with these credentials: deploy the stage first`
        : `cannot read the outputs of ${stack} in ${region}: ${message}`,
    );
  } finally {
    client.destroy();
  }
}

/** One output. Throws an Error that names it when the deployed stack is older than this program. */
export function outputOf(outputs: Outputs, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}: deploy this release first`);
  return value;
}
