/** Answers are never immediate, so that calls overlap as they do over a network. */
export const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The value until its `until` (Unix ms); undefined from then on. */
export const fresh = <T extends { readonly until: number }>(found: T | undefined, now: number): T | undefined =>
  found !== undefined && found.until > now ? found : undefined;
