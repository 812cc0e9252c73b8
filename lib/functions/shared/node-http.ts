/**
 * Stands in for `node:http` in bundles: an ES import of it reads all of its exports, of which one loads undici
 * (nodejs/node#59686), a good part of the time that a bundle with the SDK takes to load (docs/operate/performance.md).
 */
const http = process.getBuiltinModule("node:http");
export const { STATUS_CODES } = http;
export default http;
