import type { HttpRequest } from "../../middleware/http.ts";

/** The cookie of a web session. */
export interface SessionCookie {
  /** The token that a browser brings, or an empty string. */
  read(request: HttpRequest): string;
  /** @param maxAge in s */
  set(token: string, maxAge: number): string;
  readonly clear: string;
}

/**
 * Bound to our host, invisible to scripts. Over plain HTTP (this machine only) browsers take neither `Secure` nor the
 * `__Host-` prefix.
 *
 * @param publicUrl base of all pages
 * @param sameSite `Strict`: never sent on behalf of another site; `Lax`: with a link or redirect from there too
 */
export function sessionCookie(
  publicUrl: string,
  plainName = "push-session",
  sameSite: "Strict" | "Lax" = "Strict",
): SessionCookie {
  const secure = publicUrl.startsWith("https:");
  const name = secure ? `__Host-${plainName}` : plainName;
  const flags = `Path=/; ${secure ? "Secure; " : ""}HttpOnly; SameSite=${sameSite}`;
  return {
    read: ({ cookies }) => cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1) ?? "",
    set: (token, maxAge) => `${name}=${token}; ${flags}; Max-Age=${maxAge}`,
    clear: `${name}=; ${flags}; Max-Age=0`,
  };
}
