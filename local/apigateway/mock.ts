import type { MockDefinition, Templates } from "./definition.ts";

/**
 * Format of an integration response key: `$default`, or a regular expression between slashes for the integration's
 * status (API Gateway developer guide, "Set up a WebSocket API integration response"). The guide does not say if it
 * must match the whole status; here it must, the strictest reading.
 */
export const RESPONSE_KEY = /^(\$default|\/.+\/)$/u;

/** The constant answer of a MOCK integration. Throws an Error that names what is not supported. */
export function mockReply({ requestTemplates, responses }: MockDefinition): string {
  const status = statusOf(pick(requestTemplates, "request"));
  const matching = [...responses.keys()].find((key) => fits(key, status));
  const response = responses.get(matching ?? "$default");
  if (response === undefined) throw new Error(`the MOCK integration has no response for status ${status}`);
  return pick(response, "response");
}

/** Whether the key matches the status; `$default` matches none, as it applies when no other key does. */
function fits(key: string, status: number): boolean {
  return key !== "$default" && new RegExp(`^(?:${key.slice(1, -1)})$`, "u").test(String(status));
}

function pick({ byKey, selection }: Templates, what: string): string {
  const template = byKey[selection?.replace(/^\\/u, "") ?? "$default"] ?? byKey["$default"] ?? Object.values(byKey)[0];
  if (template === undefined) throw new Error(`the MOCK integration has no ${what} template`);
  // A constant answer needs only literal templates, so the template language is not supported.
  if (/[$#]/u.test(template)) throw new Error(`the MOCK integration's ${what} template is not literal: ${template}`);
  return template;
}

function statusOf(template: string): number {
  const { statusCode } = JSON.parse(template) as { statusCode?: unknown };
  if (typeof statusCode !== "number") throw new Error("the MOCK integration's request template sets no statusCode");
  return statusCode;
}
