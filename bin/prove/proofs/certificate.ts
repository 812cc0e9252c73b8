import { connect, type TLSSocket } from "node:tls";
import { PATIENCE } from "../socket.ts";
import { notTried, proven, refuted, type Verdict } from "../means.ts";

/** Roots that PBXes have to trust (docs/operate/deploying.md, At the customer's). */
const ROOTS = /^(Amazon|Starfield)/u;

/** Whether the chain of a server's certificate holds, and ends in a root that PBXes are to trust. Rejects without TLS handshake. */
export function chainOf({ protocol, hostname, port }: URL): Promise<Verdict> {
  if (protocol !== "wss:") return Promise.resolve(notTried("no TLS at this address"));
  return new Promise((resolve, reject) => {
    // Nothing is sent: a chain that does not hold is described, not only refused.
    const options = {
      host: hostname,
      port: Number(port || 443),
      servername: hostname,
      timeout: PATIENCE,
      rejectUnauthorized: false,
    };
    const socket = connect(options, () => {
      resolve(judge(socket));
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error(`no TLS handshake within ${PATIENCE / 1_000} s`)));
    socket.once("error", reject);
  });
}

function judge(socket: TLSSocket): Verdict {
  if (!socket.authorized) return refuted(`the certificate is not trusted: ${String(socket.authorizationError)}`);
  let top = socket.getPeerCertificate(true);
  while (top.issuerCertificate !== undefined && top.issuerCertificate !== top) top = top.issuerCertificate;
  const said = `the chain ends at ${[top.subject.O, top.subject.CN].flat().filter(Boolean).join(", ")}`;
  return ROOTS.test([top.subject.O].flat()[0] ?? "") ? proven(said) : refuted(said);
}
