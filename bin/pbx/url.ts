/** Addresses as people have them: `http://127.0.0.1:8080`, `https://push.example.com/push/ws`, `wss://…/ws`. */
const SCHEMES: Readonly<Record<string, string>> = { "http:": "ws:", "https:": "wss:", "ws:": "ws:", "wss:": "wss:" };
const DEFAULT_PATH = "/push/ws";

/** Parses an address, or throws a TypeError that names it and the valid forms. */
function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !(url.protocol in SCHEMES)) {
    throw new TypeError(`"${address}" is no address of a push service: use http(s)://HOST or ws(s)://HOST/push/ws`);
  }
  if (url.username !== "" || url.password !== "")
    throw new TypeError("user and password do not belong into the address");
  url.hash = "";
  return url;
}

/** The WebSocket address: http → ws, https → wss; a bare host gets `/push/ws`, any other path is taken as it is. */
export function socketUrl(address: string): URL {
  const url = parse(address);
  const socket = new URL(url.href.replace(/^[a-z]+:/u, SCHEMES[url.protocol] ?? "wss:"));
  if (socket.pathname === "/") socket.pathname = DEFAULT_PATH;
  return socket;
}

/**
 * What the clients open that leave out the last component of the Push object's URL (docs/protocol.md, Connection):
 * `wss://HOST/push` for `wss://HOST/push/ws`.
 */
export function stripped(socket: URL): URL {
  const url = new URL(socket);
  url.pathname = url.pathname.replace(/\/[^/]*\/?$/u, "") || "/";
  return url;
}

/** The address the administrator sees in the Push object: the WebSocket address with http(s) in front. */
export const objectUrl = (address: string): string => socketUrl(address).href.replace(/^ws/u, "http");

/** `app` of an AppLogin: the last path segment of the URL. */
export const appOf = (socket: URL): string => socket.pathname.split("/").findLast((segment) => segment !== "") ?? "";

/** The service's `/push/register`, on the host of any of its addresses. */
export const registerUrl = (address: string): URL => new URL("/push/register", objectUrl(address));

/** Whether the address can only be this machine (127.0.0.0/8, ::1, localhost). */
export function isLoopback(address: string): boolean {
  const host = parse(address).hostname.replace(/\.$/u, "");
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(host);
}
