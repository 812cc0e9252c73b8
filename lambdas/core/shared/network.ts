import ipaddr from "ipaddr.js";

/**
 * A request's source, as limits count it. One machine has all 2^64 addresses of its subnet (RFC 7421), and one customer
 * gets up to a /48 (RFC 6177), so a limit by IPv6 address would stop nobody.
 *
 * @param source an IP address; anything else is returned as it is
 */
const prefixOf = (source: string, groups: number): string => {
  if (!ipaddr.isValid(source)) return source;
  const address = ipaddr.process(source);
  if (!("parts" in address)) return address.toString();
  const parts = address.parts.slice(0, groups);
  return parts.map((part) => part.toString(16)).join(":");
};

/** An IPv4 address, or the first 64 bits of an IPv6 address: one machine can have them all. */
export const subnetOf = (source: string): string => prefixOf(source, 4);

/** An IPv4 address, or the first 48 bits of an IPv6 address, the most that a provider gives to one customer. */
export const networkOf = (source: string): string => prefixOf(source, 3);
