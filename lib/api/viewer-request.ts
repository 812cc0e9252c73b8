import type { StageConfig } from "../config.ts";

/** Header with the viewer's address; overwrites whatever the viewer sent under that name. */
const VIEWER_ADDRESS = "x-viewer-address";

/** Where a Lambda function finds the client's address. A stage without a host name has no CloudFront in front of it. */
export const addressVariable = ({ hostName }: StageConfig): { readonly ADDRESS_HEADER?: string } =>
  hostName === undefined ? {} : { ADDRESS_HEADER: VIEWER_ADDRESS };

/**
 * Name of the WebSocket API's stage. Without a host name it is the last component of the URL: some PBXes leave out the
 * last component of `https://ID…/push/ws` and so open it; for the others we show `https://ID…/push`.
 */
export const SOCKET_STAGE = "push";

/** Paths that PBXes open: as in the Push object, or without the last component (docs/protocol.md). */
export const SOCKET_PATHS = ["/push/ws", "/push/ws/", "/push", "/push/"] as const;

/**
 * Runs at CloudFront's edge for every request (CloudFront Functions, JavaScript runtime 2.0). Rewrites the paths of
 * PBXes to the WebSocket API's stage, which answers 403 to any other path, and redirects a browser from `/push` to the
 * Connect page. Edge functions cannot see `Upgrade` (CloudFront's guide, "Restrictions on all edge functions"), so we
 * tell a PBX by a header of every handshake. The address has the format of CloudFront-Viewer-Address, `address:port`;
 * that header itself cannot be forwarded together with all others but Host.
 */
export const viewerRequest = ({
  deflate,
}: Pick<StageConfig["fallbacks"], "deflate">): string => `function handler(event) {
  const request = event.request;
  request.headers["${VIEWER_ADDRESS}"] = { value: event.viewer.ip + ":0" };${deflate === "stripped" ? '\n  delete request.headers["sec-websocket-extensions"];' : ""}
  if (!${JSON.stringify(SOCKET_PATHS)}.includes(request.uri)) return request;
  const reads = request.method === "GET" || request.method === "HEAD";
  if (reads && !request.headers["sec-websocket-key"] && !request.uri.startsWith("/push/ws"))
    return { statusCode: 302, statusDescription: "Found", headers: { location: { value: "/push/connect" } } };
  request.uri = "/${SOCKET_STAGE}";
  return request;
}
`;
