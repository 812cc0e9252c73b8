import { errorXml, xmlText, type AwsError } from "../../aws/protocols.ts";

/** A result as data: text, a list (`<member>`), a map (`<entry>`), or members by name; undefined ones are left out. */
export type XmlValue =
  | string
  | undefined
  | readonly XmlValue[]
  | ReadonlyMap<string, string>
  | { readonly [name: string]: XmlValue };

const NAMESPACE = ' xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

function render(value: XmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "string") return xmlText(value);
  if (Array.isArray(value)) return value.map((item: XmlValue) => `<member>${render(item)}</member>`).join("");
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, string>)];
    return entries.map(([k, v]) => `<entry><key>${xmlText(k)}</key><value>${xmlText(v)}</value></entry>`).join("");
  }
  return Object.entries(value as { readonly [name: string]: XmlValue })
    .map(([name, item]) => (item === undefined ? "" : `<${name}>${render(item)}</${name}>`))
    .join("");
}

export const resultXml = (action: string, result: XmlValue, requestId: string): string =>
  `<${action}Response${NAMESPACE}><${action}Result>${render(result)}</${action}Result>` +
  `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;

export const snsErrorXml = (error: AwsError, requestId: string): string => errorXml(error, requestId, NAMESPACE);
