/** An answer of SNS that is an error: `<Code>`, `<Message>`, HTTP status. Actions throw it, the simulator shows it. */
export class SnsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = "SnsError";
    this.code = code;
    this.status = status;
  }
}

export const invalidParameter = (detail: string): SnsError =>
  new SnsError("InvalidParameter", 400, `Invalid parameter: ${detail}`);
export const notFound = (message: string): SnsError => new SnsError("NotFound", 404, message);
export const nullMember = (member: string): SnsError =>
  new SnsError(
    "ValidationError",
    400,
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
export const throttled = (): SnsError => new SnsError("Throttled", 429, "Rate exceeded");
