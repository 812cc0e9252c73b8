import * as v from "valibot";
import { issuesIn } from "../aws/check.ts";
import type { ResourceRequest } from "./deploy.ts";
import { TemplateError } from "./template.ts";

/** A resource's validated properties. Throws a TemplateError that names the resource and the property. */
export function read<S extends v.GenericSchema>(schema: S, request: ResourceRequest): v.InferOutput<S> {
  const result = v.safeParse(schema, request.properties);
  if (result.success) return result.output;
  throw cannotRun(request, issuesIn(result.issues));
}

/** `AWS::SQS::Queue MailQueue (stack X) cannot run here: …` */
export const cannotRun = ({ type, logicalId, stack }: ResourceRequest, why: string) =>
  new TemplateError(`${type} ${logicalId} (stack ${stack.name}) cannot run here: ${why}`);
