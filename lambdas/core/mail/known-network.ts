/** A network where somebody entered the code of an email stays known for so long, in ms. */
export const KNOWN_NETWORK_MS = 30 * 86_400_000; // 30 days
