import * as v from "valibot";
import { arn, type Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";

/** Log groups have a name only: what functions write is at `/_local/logs`. */
export const logResources: Readonly<Record<string, Provider>> = {
  "AWS::Logs::LogGroup"(request) {
    const { LogGroupName: name = request.generatedName } = read(
      v.object({ LogGroupName: v.optional(v.string()) }),
      request,
    );
    return { ref: name, attributes: { Arn: arn(request.stack, "logs", `log-group:${name}:*`) } };
  },
};
