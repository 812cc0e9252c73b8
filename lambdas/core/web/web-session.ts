import { timingSafeEqual } from "node:crypto";
import type { Visitor } from "../domains/visitor.ts";
import { sha256 } from "../shared/random-text.ts";

/** What a browser may do after a link from an email was exchanged (docs/pages.md). Times in Unix ms. */
export interface WebSession {
  readonly visitor: Visitor;
  readonly until: number;
}

/** In ms. */
export const WEB_SESSION_LIFE_MS = 15 * 60_000; // 15 minutes

/**
 * A value in every form of a session, so that no other site can send one: only the page knows it. It is derived from
 * the session's token, which only the cookie holds.
 */
export const formToken = (token: string): string => sha256(`form ${token}`);

/** Compares in constant time. */
export function isFormToken(given: string, token: string): boolean {
  const expected = Buffer.from(formToken(token));
  const typed = Buffer.from(given);
  return typed.length === expected.length && timingSafeEqual(typed, expected);
}
