import ipaddr from "ipaddr.js";

/**
 * Where a request comes from, as limits count it. One machine has all 2^64 addresses of a subnet (RFC 7421), and one line
 * is given up to a /48 (RFC 6177): by address, an IPv6 limit would hold nobody.
 *
 * @param source an IP address; anything else stands for itself
 */
const prefixOf = (source: string, groups: number): string => {
  if (!ipaddr.isValid(source)) return source;
  const address = ipaddr.process(source);
  if (!("parts" in address)) return address.toString();
  const parts = address.parts.slice(0, groups);
  return parts.map((part) => part.toString(16)).join(":");
};

/** An IPv4 address; of an IPv6 address the first 64 bits, which one machine can have all of. */
export const subnetOf = (source: string): string => prefixOf(source, 4);

/** An IPv4 address; of an IPv6 address the first 48 bits, the most that one customer gets of their provider. */
export const networkOf = (source: string): string => prefixOf(source, 3);
