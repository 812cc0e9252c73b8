import { AwsError } from "../../aws/protocols.ts";

export const invalidParameter = (detail: string): AwsError =>
  new AwsError("InvalidParameter", `Invalid parameter: ${detail}`);
export const notFound = (message: string): AwsError => new AwsError("NotFound", message, 404);
export const nullMember = (member: string): AwsError =>
  new AwsError(
    "ValidationError",
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
export const throttled = (): AwsError => new AwsError("Throttled", "Rate exceeded", 429);
