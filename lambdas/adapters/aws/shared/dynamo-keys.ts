import { hash } from "node:crypto";

/** Keys of rows that more than one adapter touches (docs/architecture.md, Tables). */
export const connectionKey = (connectionId: string): string => `CONN#${connectionId}`;
export const refusedLoginKey = (domain: string, place: string): string => `${REFUSED_LOGINS}${domain}#${place}`;
export const REFUSED_LOGINS = "LOGIN#";
/** Of a network; with a minute since 1970, of what happened in it. */
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

/** DynamoDB's own sweep counts in s. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1000);
/** Of a row that counts until then, Unix ms, and is swept afterwards. */
export const lasting = (until: number) => ({ until, ttl: toSeconds(until) + 1 });
