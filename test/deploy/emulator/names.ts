import dns from "node:dns";

/**
 * In a process that imports this file, AWS's names lead to loopback: API Gateway and CloudFront distinguish services by
 * the host name, which clients therefore use as they would on AWS, signatures included.
 */
const lookup = dns.lookup as (hostname: string, ...rest: readonly unknown[]) => void;
const ofAws = /\.(amazonaws\.com|cloudfront\.net)$/u;

dns.lookup = ((hostname: string, ...rest: readonly unknown[]) => {
  lookup(ofAws.test(hostname) ? "127.0.0.1" : hostname, ...rest);
}) as typeof dns.lookup;
