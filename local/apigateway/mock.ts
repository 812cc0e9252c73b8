import type { MockDefinition, Templates } from "./definition.ts";

/** The text that a MOCK integration always answers. Throws an Error that says what it cannot work out. */
export function mockReply({ requestTemplates, responses }: MockDefinition): string {
  const status = statusOf(pick(requestTemplates, "request"));
  const response = responses.get(`/${status}/`) ?? responses.get(String(status)) ?? responses.get("$default");
  if (response === undefined) throw new Error(`the MOCK integration has no response for status ${status}`);
  return pick(response, "response");
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
