import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Tls from "node:tls";
import { createServer, type ConnectionOptions, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { tlsCertificates } from "../../lambdas/adapters/server-certificates.ts";

/** Where connections to a host really end, and what they trust. */
const network = vi.hoisted(() => ({
  port: 0,
  ca: undefined as Buffer | undefined,
  silent: false,
  asked: [] as unknown[],
  limits: [] as number[],
  sockets: [] as { readonly destroyed: boolean }[],
}));
vi.mock("node:tls", async (load) => {
  const tls = await load<typeof Tls>();
  const connect = (options: ConnectionOptions, connected: () => void): TLSSocket => {
    network.asked.push({ host: options.host, port: options.port, servername: options.servername });
    const trusted = network.ca && { ca: network.ca };
    const socket = tls.connect({ ...options, ...trusted, host: "127.0.0.1", port: network.port }, connected);
    network.sockets.push(socket);
    const setTimeout = socket.setTimeout.bind(socket);
    socket.setTimeout = (ms, late) => {
      network.limits.push(ms);
      // A silent host stays silent, so a test need not wait for the real limit.
      return setTimeout(network.silent ? 1 : ms, late);
    };
    return socket;
  };
  return { ...tls, connect };
});

const DAY = 86_400_000;
const servers: Server[] = [];
async function serving(server: Server): Promise<void> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  network.port = (server.address() as AddressInfo).port;
}
afterEach(() => {
  vi.useRealTimers();
  expect(network.sockets.map(({ destroyed }) => destroyed)).not.toContain(false);
  for (const server of servers.splice(0)) server.close();
  Object.assign(network, { ca: undefined, silent: false, asked: [], limits: [], sockets: [] });
});

const HOST = "push.example.com";
const noOpenssl = spawnSync("openssl", ["version"]).error !== undefined;

describe.skipIf(noOpenssl)("the certificate of a host (needs openssl)", () => {
  let directory: string;
  let pair: { readonly key: Buffer; readonly cert: Buffer };
  let endsAt: number;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "push-certificate-"));
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
    const names = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
    endsAt = Math.floor(Date.now() / 1_000) * 1_000 + 30 * DAY;
    spawnSync("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", cert]);
    pair = { key: readFileSync(key), cert: readFileSync(cert) };
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("is requested by name at port 443, and has an expiry", async () => {
    await serving(createServer(pair));
    network.ca = pair.cert;
    const end = await tlsCertificates.expiresAt(HOST);
    expect(Math.abs(end - endsAt)).toBeLessThan(60_000);
    expect(network.asked).toEqual([{ host: HOST, port: 443, servername: HOST }]);
  });

  it("that has expired returns its expiry without a failure", async () => {
    await serving(createServer(pair));
    vi.useFakeTimers({ toFake: ["Date"], now: endsAt + DAY });
    expect(await tlsCertificates.expiresAt(HOST)).toBeLessThan(Date.now());
  });

  it("that is not trusted is refused, with the reason", async () => {
    await serving(createServer(pair));
    await expect(tlsCertificates.expiresAt(HOST)).rejects.toMatchObject({
      operation: "tls.connect",
      kind: "rejected",
      code: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT") as string,
    });
  });

  it("of another host is refused", async () => {
    await serving(createServer(pair));
    network.ca = pair.cert;
    await expect(tlsCertificates.expiresAt("other.example.com")).rejects.toMatchObject({ kind: "rejected" });
  });
});

describe("a host", () => {
  it("without a certificate is refused", async () => {
    const anonymous = { ciphers: "ADH-AES128-SHA256:@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;
    await serving(createServer(anonymous));
    await expect(tlsCertificates.expiresAt(HOST)).rejects.toMatchObject({ operation: "tls.connect" });
  });

  it("that never answers times out after 5 s", async () => {
    await serving(createTcpServer());
    network.silent = true;
    await expect(tlsCertificates.expiresAt(HOST)).rejects.toMatchObject({ operation: "tls.connect", kind: "timeout" });
    expect(network.limits).toEqual([5_000]);
  });

  it("that cannot be reached is unavailable, with the reason", async () => {
    await serving(createTcpServer());
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    await expect(tlsCertificates.expiresAt(HOST)).rejects.toMatchObject({ kind: "unavailable", code: "ECONNREFUSED" });
  });
});
