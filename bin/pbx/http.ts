import * as v from "valibot";
import { reasonOf } from "../shared/failure.ts";
import { excerpt } from "../shared/terminal.ts";
import { isPbxError, pbxError } from "./errors.ts";

/** Statuses that mean: retry in a moment. */
const TEMPORARY = ["429", "502", "503", "504"];
const REQUEST_MS = 10_000;
/** The service's message for people. */
const Refused = v.pipe(v.string(), v.parseJson(), v.object({ error: v.string(), message: v.string() }));

/**
 * Body of a successful answer. Ends within 10 s; rejects with a PbxError: `unreachable`, `aborted`, or `refused` with the
 * HTTP status as `error` and the service's words, or the beginning of the body, as `errorText`.
 */
export async function request(url: URL, signal: AbortSignal, init: RequestInit): Promise<string> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
    const response = await fetch(url, { ...init, signal: limit, redirect: "error" });
    const body = await response.text();
    if (response.ok) return body;
    const said = v.safeParse(Refused, body);
    const errorText = said.success ? said.output.message : excerpt(body);
    const text = said.success ? errorText : `${url.href} answered HTTP ${response.status} ${errorText}`.trimEnd();
    throw pbxError(text, { kind: "refused", error: `${response.status}`, errorText });
  } catch (error) {
    if (isPbxError(error)) throw error;
    if (signal.aborted) throw pbxError("aborted", { kind: "aborted" });
    throw pbxError(`cannot reach ${url.href}: ${reasonOf(error)}`, { kind: "unreachable" });
  }
}

export const isTemporary = (error: unknown): boolean =>
  isPbxError(error) && error.kind === "refused" && TEMPORARY.includes(error.error);
