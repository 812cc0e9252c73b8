import * as v from "valibot";
import { arn, type Provider } from "../cloudformation/deploy.ts";
import { cannotRun, read } from "../cloudformation/read.ts";

const schema = v.object({ LogGroupName: v.optional(v.string()), KmsKeyId: v.optional(v.string()) });

/** Log groups have a name only, and the right to their key: what functions write is at `/_local/logs`. */
export const logResources = (
  mayEncrypt: (key: string, logGroupArn: string) => boolean,
): Readonly<Record<string, Provider>> => ({
  "AWS::Logs::LogGroup"(request) {
    const { LogGroupName: name = request.generatedName, KmsKeyId: key } = read(schema, request);
    const groupArn = arn(request.stack, "logs", `log-group:${name}`);
    if (key !== undefined && !mayEncrypt(key, groupArn))
      throw cannotRun(request, "the specified KMS key does not exist or is not allowed to be used with LogGroup");
    return { ref: name, attributes: { Arn: `${groupArn}:*` } };
  },
});
