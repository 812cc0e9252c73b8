import type { MockDefinition, Templates } from "./definition.ts";

/**
 * Form of an integration response key: `$default`, or a regular expression between slashes over the integration's status
 * (API Gateway developer guide, "Set up a WebSocket API integration response"). Whether it has to match the whole status is
 * not written there; here it has to, the strictest reading.
 */
export const RESPONSE_KEY = /^(\$default|\/.+\/)$/u;

/** The text that a MOCK integration always answers. Throws an Error that says what it cannot work out. */
export function mockReply({ requestTemplates, responses }: MockDefinition): string {
  const status = statusOf(pick(requestTemplates, "request"));
  const matching = [...responses.keys()].find((key) => fits(key, status));
  const response = responses.get(matching ?? "$default");
  if (response === undefined) throw new Error(`the MOCK integration has no response for status ${status}`);
  return pick(response, "response");
}

/** Whether the status fits the key; `$default` fits none, as it stands for what no other key fits. */
function fits(key: string, status: number): boolean {
  return key !== "$default" && new RegExp(`^(?:${key.slice(1, -1)})$`, "u").test(String(status));
}

function pick({ byKey, selection }: Templates, what: string): string {
  const template = byKey[selection?.replace(/^\\/u, "") ?? "$default"] ?? byKey["$default"] ?? Object.values(byKey)[0];
  if (template === undefined) throw new Error(`the MOCK integration has no ${what} template`);
  // Literal templates are all that a constant answer needs; a template language would be a second thing to be right about.
  if (/[$#]/u.test(template)) throw new Error(`the MOCK integration's ${what} template is not literal: ${template}`);
  return template;
}

function statusOf(template: string): number {
  const { statusCode } = JSON.parse(template) as { statusCode?: unknown };
  if (typeof statusCode !== "number") throw new Error("the MOCK integration's request template sets no statusCode");
  return statusCode;
}
