import type { AwsError } from "../../aws/protocols.ts";

/** A result as data: text, a list (`<member>`), a map (`<entry>`), or members by name; undefined ones are left out. */
export type XmlValue =
  | string
  | undefined
  | readonly XmlValue[]
  | ReadonlyMap<string, string>
  | { readonly [name: string]: XmlValue };

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
};

const escape = (text: string): string =>
  text
    .toWellFormed()
    // XML 1.0 has no way to write the other control characters.
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"\r]/gu, (character) => entities[character] ?? character);

function render(value: XmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escape(value);
  if (Array.isArray(value)) return value.map((item: XmlValue) => `<member>${render(item)}</member>`).join("");
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, string>)];
    return entries.map(([k, v]) => `<entry><key>${escape(k)}</key><value>${escape(v)}</value></entry>`).join("");
  }
  return Object.entries(value as { readonly [name: string]: XmlValue })
    .map(([name, item]) => (item === undefined ? "" : `<${name}>${render(item)}</${name}>`))
    .join("");
}

export const resultXml = (action: string, result: XmlValue, requestId: string): string =>
  `<${action}Response xmlns="${namespace}"><${action}Result>${render(result)}</${action}Result>` +
  `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;

export const errorXml = (error: AwsError, requestId: string): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? "Sender" : "Receiver"}</Type>` +
  `<Code>${escape(error.code)}</Code><Message>${escape(error.message)}</Message></Error>` +
  `<RequestId>${requestId}</RequestId></ErrorResponse>`;
