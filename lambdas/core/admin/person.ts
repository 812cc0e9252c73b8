import type { Actor } from "../domains/change.ts";

/** *support* reads, resends and tests; *operator* does the rest too (docs/operate/console.md). */
export type Role = "support" | "operator";

/** Someone who has signed in to the console. */
export interface Person {
  /** Name from their identity provider, for people to read. */
  readonly name: string;
  /** Their identity provider's own id, which nobody can choose. */
  readonly subject: string;
  readonly role: Role;
}

/** Groups of the identity provider, by the role that they give. */
export type RoleGroups = Readonly<Record<Role, string>>;

/** The highest role that someone's groups give; undefined: none. */
export function roleOf(groups: readonly string[], { operator, support }: RoleGroups): Role | undefined {
  if (groups.includes(operator)) return "operator";
  return groups.includes(support) ? "support" : undefined;
}

export const mayAct = (role: Role, needed: Role): boolean => role === "operator" || needed === "support";

/** In characters; a subject has at most 255 (OpenID Connect Core, 2). */
const MAX_NAME = 80;
const MAX_SUBJECT = 255;
const readable = (text: string, most: number): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(0, most)
    .toWellFormed();

/** @param name from the identity provider: any text */
export function personOf(name: string, subject: string, role: Role): Person {
  const id = readable(subject, MAX_SUBJECT);
  return { name: readable(name, MAX_NAME) || id, subject: id, role };
}

/** How they appear in a domain's history: a name can change or be shared, a subject belongs to one person. */
export const actorOf = ({ name, subject }: Person): Actor =>
  `operator ${name === subject ? name : `${name} (${subject})`}`;
