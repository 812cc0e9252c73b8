/** How long a network stays known after a code that was requested from it was entered, in ms. */
export const KNOWN_NETWORK_MS = 30 * 86_400_000; // 30 days
