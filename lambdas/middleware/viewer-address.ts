/**
 * The address in a `CloudFront-Viewer-Address` header, `address:port` for IPv4 and IPv6 alike; undefined for other
 * text.
 */
export function viewerAddress(header: string | undefined): string | undefined {
  const address = header?.replace(/:\d+$/u, "");
  return address !== undefined && /^[0-9a-f.:]{2,45}$/iu.test(address) ? address : undefined;
}
