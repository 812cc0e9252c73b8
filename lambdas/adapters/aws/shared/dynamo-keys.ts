import { hash } from "node:crypto";

/** Keys of rows that more than one adapter touches (docs/architecture.md, Tables). */
export const connectionKey = (connectionId: string): string => `CONN#${connectionId}`;
export const refusedLoginKey = (domain: string, place: string): string => `${REFUSED_LOGINS}${domain}#${place}`;
export const REFUSED_LOGINS = "LOGIN#";
/** Key of a network; with a minute since 1970, of what happened in that minute. */
export const networkKey = (network: string, minute?: number): string =>
  `NETWORK#${network}${minute === undefined ? "" : `#${minute}`}`;
export const registrationKey = (id: string): string => `TICKET#${id}`;
export const domainRow = (domain: string) => ({ pk: `DOMAIN#${domain}`, sk: "DOMAIN" });
export const deviceRow = (deviceKey: string) => ({ pk: `DEVICE#${deviceKey}`, sk: "DEVICE" });
export const newTokensRow = (domain: string) => ({ pk: `TOKENS#${domain}`, sk: "TOKENS" });
export const breakerRow = (app: string) => ({ pk: `BREAKER#${app}`, sk: "BREAKER" });

const TENANT = "t:";
export const isTenant = (attribute: string): boolean => attribute.startsWith(TENANT);
/** Attribute of a device row that holds one domain's use of the token: a top-level one, so that a write needs no read. */
export const tenantAttribute = (domain: string): string =>
  `${TENANT}${hash("sha256", domain, "base64url").slice(0, 12)}`;

/** DynamoDB's `ttl` is in s. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000);
/** Attributes of a row that is valid until then, Unix ms, and deleted afterwards. */
export const lasting = (until: number) => ({ until, ttl: toSeconds(until) + 1 });
