import { fail, ok, type Result } from "../shared/result.ts";

/**
 * One text frame of the AppWebsocket protocol (docs/protocol.md): a JSON object whose top-level members are kept
 * verbatim, since `info` enters the digest and a post's payload reaches the phone byte for byte.
 */
export interface Frame {
  /** `mt`; empty if absent or not a string. */
  readonly mt: string;
  /** Text of each top-level value by member name; for a repeated name the last, as with JSON.parse. */
  readonly values: ReadonlyMap<string, string>;
  /** Every top-level member verbatim, `"name": value`, in order, including duplicates. */
  readonly members: readonly Member[];
}

interface Member {
  readonly name: string;
  /** Text of the value. */
  readonly value: string;
  /** Text from the name's opening quote to the value's end. */
  readonly text: string;
}

export type FrameError = "not-json" | "not-an-object";

/** Splits a frame into its members. Never throws; accepts any depth of nesting. */
export function parseFrame(text: string): Result<Frame, FrameError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("not-json");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("not-an-object");
  const members = split(text);
  const values = new Map(members.map((member) => [member.name, member.value]));
  return ok({ mt: stringIn(values, "mt") ?? "", values, members });
}

/** The string that a member holds; undefined if it is absent or holds anything else. */
export const stringOf = (frame: Frame, name: string): string | undefined => stringIn(frame.values, name);

function stringIn(values: ReadonlyMap<string, string>, name: string): string | undefined {
  const text = values.get(name);
  return text?.startsWith('"') ? (JSON.parse(text) as string) : undefined;
}

/** Top-level members of a text that JSON.parse has accepted as an object, so only strings and nesting need care. */
function split(text: string): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, text.indexOf("{") + 1);
  while (text[at] === '"') {
    const start = at;
    at = endOfString(text, at);
    const name = JSON.parse(text.slice(start, at)) as string;
    at = skipSpace(text, skipSpace(text, at) + 1);
    const from = at;
    at = endOfValue(text, at);
    members.push({ name, value: text.slice(from, at), text: text.slice(start, at) });
    at = skipSpace(text, skipSpace(text, at) + 1);
  }
  return members;
}

/** First position at or after `at` that is not JSON white space. */
function skipSpace(text: string, at: number): number {
  let position = at;
  while (" \t\r\n".includes(text[position] ?? "x")) position += 1;
  return position;
}

/** Position after the closing quote of the string that opens at `at`. */
function endOfString(text: string, at: number): number {
  let position = at + 1;
  while (text[position] !== '"') position += text[position] === "\\" ? 2 : 1;
  return position + 1;
}

/** Position after the value that begins at `at`. */
function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first !== "{" && first !== "[") return endOfScalar(text, at);
  let position = at;
  let depth = 0;
  do {
    const character = text[position];
    if (character === '"') {
      position = endOfString(text, position);
      continue;
    }
    if (character === "{" || character === "[") depth += 1;
    if (character === "}" || character === "]") depth -= 1;
    position += 1;
  } while (depth > 0);
  return position;
}

function endOfScalar(text: string, at: number): number {
  let position = at;
  while (!" \t\r\n,}".includes(text.charAt(position))) position += 1;
  return position;
}

/** A reply: `mt` goes first, `api` and `src` as they came, then the rest; undefined members are left out. */
export interface Reply {
  readonly mt: string;
  readonly [member: string]: unknown;
}

/** A client matches a reply by these: `api` names the handler, `src` the request (docs/protocol.md). */
const ECHOED = ["api", "src"] as const;

/** Text of a reply to `frame`. `api` and `src` are echoed verbatim, whatever their type, where the frame has them. */
export function replyText({ mt, ...members }: Reply, frame?: Frame): string {
  const echoed = ECHOED.map((name) => {
    const text = frame?.values.get(name);
    return text === undefined ? "" : `,"${name}":${text}`;
  });
  const head = `{"mt":${JSON.stringify(mt)}${echoed.join("")}`;
  const rest = JSON.stringify(members).slice(1);
  return rest === "}" ? `${head}}` : `${head},${rest}`;
}
