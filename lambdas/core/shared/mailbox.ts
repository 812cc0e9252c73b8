import validator from "validator/lib/normalizeEmail.js";

/** Its types describe an ES module, which the package is not. */
const { default: normalizeEmail } = validator;

/**
 * The mailbox behind an address, for limits only; never for ownership or delivery. What follows a plus is removed for
 * every provider (RFC 5233, and the default of Exchange Online, Gmail, Fastmail, Postfix): where it is part of the
 * name, two people share a limit. Dots and hyphens are removed where the provider ignores them.
 *
 * @param emailKey core/shared/email.ts
 */
export function mailboxOf(emailKey: string): string {
  const plain = emailKey.replace(/(?<=.)\+.*(?=@)/u, "");
  return normalizeEmail(plain) || plain;
}
