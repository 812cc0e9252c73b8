import { createHash } from "node:crypto";

/** The members of an AppLogin that enter its digest. `info` is its JSON text exactly as in the frame. */
export interface LoginFields {
  readonly app: string;
  readonly domain: string;
  readonly sip: string;
  readonly guid: string;
  readonly dn: string;
  readonly info?: string;
}

/**
 * Digest of an AppLogin (docs/protocol.md, Digest): lower-case hex SHA-256 over UTF-8 of
 * `app:domain:sip:guid:dn:info:challenge:password`, without the info segment if there is no info. Written from the
 * document alone, so that it checks the server's own computation.
 */
export function loginDigest(login: LoginFields, challenge: string, password: string): string {
  const info = login.info === undefined ? [] : [login.info];
  const segments = [login.app, login.domain, login.sip, login.guid, login.dn, ...info, challenge, password];
  return createHash("sha256").update(segments.join(":"), "utf8").digest("hex");
}
