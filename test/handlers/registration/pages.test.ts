import { readFileSync } from "node:fs";
import { createHash, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { certificateIssuer, otherPushUrl, rootsAsset } from "../../../lambdas/handlers/registration/pages.ts";
import { readerOf } from "../../../lambdas/handlers/shared/html.ts";
import { connectPage } from "../../../lambdas/views/registration/connect.tsx";

const page = (language: string, addresses: Parameters<typeof otherPushUrl>[0], imported = false) => {
  const request = { headers: { "accept-language": language }, query: new URLSearchParams(), path: "/push/connect" };
  const pbx = { otherUrl: otherPushUrl(addresses), issuer: certificateIssuer(addresses.pushUrl, imported) };
  return connectPage(readerOf(request as unknown as Parameters<typeof readerOf>[0]), pbx);
};

describe("the Connect window", () => {
  it.each([
    ["en", "If the Push object stays offline, enter https://abc.execute-api.eu-central-1.amazonaws.com/push instead."],
    [
      "de",
      "Bleibt das Push-Objekt offline, tragen Sie stattdessen https://abc.execute-api.eu-central-1.amazonaws.com/push ein.",
    ],
  ])("names the second URL to try if there is no host name: %s", (language, text) => {
    const addresses = {
      publicUrl: "https://xyz.execute-api.eu-central-1.amazonaws.com",
      pushUrl: "https://abc.execute-api.eu-central-1.amazonaws.com/push/ws",
    };
    expect(page(language, addresses)).toContain(text);
  });

  it("removes only the last component, even if the host name begins like it", () => {
    const addresses = { publicUrl: "https://push.example.com", pushUrl: "https://ws.example.com/push/ws" };
    expect(otherPushUrl(addresses)).toBe("https://ws.example.com/push");
  });

  it("names one URL if there is a host name, which serves both paths", () => {
    const addresses = { publicUrl: "https://push.example.com", pushUrl: "https://push.example.com/push/ws" };
    expect(page("en", addresses)).not.toContain("stays offline");
  });
});

describe("the certificates that a PBX must trust", () => {
  const ROOTS = "/push/assets/root-certificates.pem";
  const file = readFileSync(new URL("../../../lambdas/views/assets/amazon-roots.pem", import.meta.url), "utf8");
  const blocks = file.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];

  /**
   * Names and SHA-256 of the public keys: https://www.amazontrust.com/repository/, which recommends all five for trust
   * stores of one's own. A PBX takes a PEM file with several certificates, and the root is enough
   * (https://wiki.innovaphone.com/index.php?title=Reference9:General/Certificates, Upload, Rejected certificates).
   */
  it("are only the five roots of Amazon Trust Services", () => {
    const found = blocks.map((block) => new X509Certificate(block));
    const keyHash = ({ publicKey }: X509Certificate) =>
      createHash("sha256")
        .update(publicKey.export({ type: "spki", format: "der" }))
        .digest("hex");
    expect(found.map((each) => [/CN=(.*)/u.exec(each.subject)?.[1], keyHash(each)])).toEqual([
      ["Amazon Root CA 1", "fbe3018031f9586bcbf41727e417b7d1c45c2f47f93be372a17b96b50757d5a2"],
      ["Amazon Root CA 2", "7f4296fc5b6a4e3b35d3c369623e364ab1af381d8fa7121533c9d6c633ea2461"],
      ["Amazon Root CA 3", "36abc32656acfc645c61b71613c4bf21c787f5cabbee48348d58597803d7abc9"],
      ["Amazon Root CA 4", "f7ecded5c66047d28ed6466b543c40e0743abe81d109254dcf845d4c2c7853c5"],
      [
        "Starfield Services Root Certificate Authority - G2",
        "2b071c59a0a0ae76b0eadb2bad23bad4580b69c3601b630c2eaf0613afa83f92",
      ],
    ]);
    for (const each of found) expect(each.verify(each.publicKey) && each.ca, each.subject).toBe(true);
    expect(file.replaceAll(/-----BEGIN[^-]+CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/gu, "")).toBe("");
  });

  it("are identical to those that Mozilla trusts", () => {
    const trusted = new Set(rootCertificates.map((each) => new X509Certificate(each).fingerprint256));
    for (const block of blocks) expect(trusted).toContain(new X509Certificate(block).fingerprint256);
  });

  const addresses = { publicUrl: "https://push.example.com", pushUrl: "https://push.example.com/push/ws" };

  it.each([
    ["en", "of the master and of every slave and standby PBX"],
    ["de", "der Master-PBX und jeder Slave- und Standby-PBX"],
  ])("are offered as a file, for the master as well: %s", (language, text) => {
    const shown = page(language, addresses);
    expect(shown).toContain(`href="${ROOTS}" download="push-root-certificates.pem"`);
    expect(shown).toContain(text);
    const asset = rootsAsset({ issuer: "amazon" }, file)[ROOTS];
    expect(asset).toMatchObject({ body: file, type: "application/x-pem-file" });
    expect(asset?.headers?.["content-disposition"]).toContain("attachment");
  });

  it.each([
    ["a certificate of the operator's own", addresses, true, "other", "The operator of this service can tell you"],
    [
      "no TLS at all",
      { publicUrl: "http://127.0.0.1:8080", pushUrl: "http://127.0.0.1:8080/push/ws" },
      false,
      "none",
      "There is no certificate to trust",
    ],
  ] as const)("are not offered for %s, as they would not match", (_what, at, imported, issuer, text) => {
    const shown = page("en", at, imported);
    expect(shown).not.toContain(ROOTS);
    expect(shown).toContain(text);
    expect(rootsAsset({ issuer }, file)).toEqual({});
  });
});
