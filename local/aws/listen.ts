import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends the server and every connection to it. */
  close(): Promise<void>;
}

/** Listens on loopback only; port 0 lets the OS choose. Rejects with the OS's error (EADDRINUSE). */
export async function listen(server: Server, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A port that was free a moment ago, for a child process that cannot report the port the OS chose. */
export async function freePort(): Promise<number> {
  const listening = await listen(createServer(), 0);
  await listening.close();
  return listening.port;
}
