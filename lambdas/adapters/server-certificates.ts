import { connect } from "node:tls";
import type { ServerCertificates } from "../ports/monitoring.ts";
import { DependencyError, type FailureKind } from "../ports/errors.ts";

/** Longest time for a handshake, in ms. */
const LIMIT_MS = 5_000;

/** Asks the host itself, as a PBX does, so it works with any issuer and any certificate store. */
export const tlsCertificates: ServerCertificates = {
  async expiresAt(host) {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const fail = (kind: FailureKind, code?: string) => reject(new DependencyError("tls.connect", kind, code));
    // A certificate that has expired, or is another host's, must be reported and not end the handshake.
    const socket = connect({ host, port: 443, servername: host, rejectUnauthorized: false }, () => {
      const { authorized, authorizationError } = socket;
      const at = Date.parse(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(at)) fail("rejected", "NO_CERTIFICATE");
      else if (!authorized && at > Date.now()) fail("rejected", String(authorizationError));
      else resolve(at);
    });
    socket.setTimeout(LIMIT_MS, () => fail("timeout"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => fail("unavailable", code));
    return promise.finally(() => socket.destroy());
  },
};
