import { SignatureV4 } from "@smithy/signature-v4";
import { HttpRequest } from "@smithy/core/protocols";
import fc from "fast-check";
import { createHash, createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { signatures } from "../../../../lambdas/adapters/aws/wire/signature.ts";

/** Compares our signer with AWS's own. */

/** The hash that the SDK gives its signer. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as Buffer);
  }
  update(data: Uint8Array) {
    this.#hash.update(data);
  }
  digest() {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
  reset() {
    throw new Error("created again each time");
  }
}

const word = fc.stringMatching(/^[a-zA-Z0-9+/=._~-]{1,40}$/u);
const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/u).filter((name) => !UNSIGNED.test(name));
/** Headers that signers skip, as proxies change them, and those that they add themselves. */
const UNSIGNED =
  /^(authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|date|host|x-amz-(date|security-token|content-sha256)|(proxy|sec)-.*)$/u;
const segment = fc.string({ unit: "binary", maxLength: 8 }).map((text) => encodeURIComponent(text.toWellFormed()));
const time = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });

const requests = fc.record({
  service: fc.constantFrom("dynamodb", "sns", "sqs", "execute-api"),
  region: fc.constantFrom("eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"),
  method: fc.constantFrom("POST", "DELETE", "GET"),
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join("/")}`),
  headers: fc.dictionary(names, fc.oneof(word, fc.constant('a, b; c="d"')), { maxKeys: 6 }),
  body: fc.string({ unit: "binary", maxLength: 200 }).map((text) => text.toWellFormed()),
  accessKeyId: word,
  secretAccessKey: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  sessionToken: fc.option(word, { nil: undefined }),
  /** The second request meets the signer's cache from the first: another day, another secret, or the same. */
  times: fc.tuple(time, time),
  rotated: fc.option(word, { nil: undefined }),
});

it("our signer signs any request like AWS's own", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ service, region, method, path, headers, body, times, rotated, ...keys }) => {
      const sign = signatures(service);
      const url = new URL(`https://${service}.${region}.amazonaws.com${path}`);
      const all = { ...headers, host: url.host };
      for (const [index, now] of [...times, ...times].entries()) {
        const credentials = index < 2 || rotated === undefined ? keys : { ...keys, secretAccessKey: rotated };
        const { sessionToken, ...lasting } = credentials;
        const identity = { ...lasting, ...(sessionToken !== undefined && { sessionToken }) };
        const theirs = await new SignatureV4({ service, region, credentials: identity, sha256: Sha256 }).sign(
          new HttpRequest({ method, protocol: "https:", hostname: url.host, path: url.pathname, headers: all, body }),
          { signingDate: now },
        );
        const given = sign({ url, method, headers: all, body }, region, credentials, now);
        const ours = Object.fromEntries(
          given.flatMap((name, at) => (at % 2 === 0 ? [[name, given[at + 1] ?? ""] as const] : [])),
        );
        expect(ours).toEqual(theirs.headers);
      }
    }),
    { numRuns: 500 },
  );
});
