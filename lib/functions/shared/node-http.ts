/**
 * Replaces `node:http` in bundles. An ES import of it reads all its exports, one of which loads undici
 * (nodejs/node#59686): a good part of the load time of a bundle with the SDK (docs/operate/performance.md).
 */
const http = process.getBuiltinModule("node:http");
export const { STATUS_CODES } = http;
export default http;
