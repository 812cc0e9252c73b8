/** A network that requested a code which the mailbox's reader entered stays known for so long, in ms. */
export const KNOWN_NETWORK_MS = 30 * 86_400_000; // 30 days
