import type { StageConfig } from "../config.ts";

/** Header in which the function tells the viewer's address; what the viewer sent under that name is overwritten. */
export const VIEWER_ADDRESS = "x-viewer-address";

/**
 * Runs at CloudFront's edge for every request (CloudFront Functions, JavaScript runtime 2.0). `/push/ws` becomes the
 * WebSocket API's stage, which answers 403 to any other path. The address has the form of CloudFront-Viewer-Address,
 * `address:port`; that header itself cannot be forwarded together with all others but Host.
 */
export const viewerRequest = ({ deflate }: Pick<StageConfig["fallbacks"], "deflate">): string => `function handler(event) {
  const request = event.request;
  request.headers["${VIEWER_ADDRESS}"] = { value: event.viewer.ip + ":0" };
  if (request.uri === "/push/ws") request.uri = "/ws";${deflate === "stripped" ? '\n  delete request.headers["sec-websocket-extensions"];' : ""}
  return request;
}
`;
