/** Every call answers later, never at once, so that calls overlap as they do over a network. */
export const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What counts until then, Unix ms; undefined once it is over. */
export const fresh = <T extends { readonly until: number }>(found: T | undefined, now: number): T | undefined =>
  found !== undefined && found.until > now ? found : undefined;
