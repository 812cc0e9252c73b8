import type { StageConfig } from "../config.ts";

/** Header in which the function tells the viewer's address; what the viewer sent under that name is overwritten. */
const VIEWER_ADDRESS = "x-viewer-address";

/** Where a function finds the client's address: nothing stands in front of a stage without a host name. */
export const addressVariable = ({ hostName }: StageConfig): { readonly ADDRESS_HEADER?: string } =>
  hostName === undefined ? {} : { ADDRESS_HEADER: VIEWER_ADDRESS };

/**
 * Name of the WebSocket API's stage. It is the last component of the URL where there is no host name, so it is the path that
 * PBXes open which leave out the last component of `https://ID…/push/ws`; others get `https://ID…/push`.
 */
export const SOCKET_STAGE = "push";

/** Where PBXes come in behind a host name: as the Push object says, or without the last component (docs/protocol.md). */
export const SOCKET_PATHS = ["/push/ws", "/push/ws/", "/push", "/push/"] as const;

/**
 * Runs at CloudFront's edge for every request (CloudFront Functions, JavaScript runtime 2.0). The paths of PBXes become the
 * WebSocket API's stage, which answers 403 to any other path. A browser that asks for `/push` is sent to the Connect page:
 * `Upgrade` is not shown to functions (CloudFront's guide, "Restrictions on all edge functions"), so the header that every
 * handshake has tells it from a PBX. The address has the form of CloudFront-Viewer-Address, `address:port`; that header itself
 * cannot be forwarded together with all others but Host.
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
