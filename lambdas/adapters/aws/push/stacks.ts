import { DependencyError } from "../../../ports/errors.ts";
import type { Stacks } from "../../../ports/push.ts";

const TRIES = 3;
const TIME_LIMIT = 3_000; // 3 seconds

/** Puts the answer to the presigned URL that came with the request. Not logged: anyone who has the URL can answer. */
export const stacks: Stacks = {
  async answer(url, answer) {
    // The URL is signed for an empty content type.
    const request = { method: "PUT", body: JSON.stringify(answer), headers: { "content-type": "" } };
    for (let attempt = 1; ; attempt += 1) {
      const failure = await put(url, request);
      if (failure === undefined) return;
      if (attempt === TRIES) throw failure;
    }
  },
};

async function put(url: string, request: RequestInit): Promise<DependencyError | undefined> {
  const failure = (kind: "timeout" | "unavailable", code?: string): DependencyError =>
    new DependencyError("cloudformation.Answer", kind, code);
  try {
    const { ok, status } = await fetch(url, { ...request, signal: AbortSignal.timeout(TIME_LIMIT) });
    return ok ? undefined : failure("unavailable", String(status));
  } catch (error) {
    return failure(error instanceof Error && error.name === "TimeoutError" ? "timeout" : "unavailable");
  }
}
