import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";
import { percentEncoded } from "./percent-encoding.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

interface Signable {
  readonly url: URL;
  readonly method: string;
  /** All of them are signed: names in lower case, values trimmed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns the signed headers and the signature, names and values in turn. */
export type Sign = (request: Signable, region: string, credentials: Credentials, now: Date) => string[];

const ALGORITHM = "AWS4-HMAC-SHA256";
const END_OF_SCOPE = "aws4_request";

/**
 * AWS Signature Version 4 in the header Authorization (docs.aws.amazon.com, "Create a signed AWS API request"), for
 * requests without a query. AWS's own signer takes six times as long (docs/decisions.md); test/…/signature.test.ts
 * checks that both agree.
 *
 * @param service in the scope of a signature
 */
export function signatures(service: string): Sign {
  let known: { readonly secret: string; readonly scope: string; readonly key: KeyObject } | undefined;

  /** Valid for one day, Region and secret. A KeyObject: making one from bytes costs more than the signature. */
  function signingKey(secret: string, scope: string): KeyObject {
    if (known?.scope !== scope || known.secret !== secret) {
      const key = scope.split("/").reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${secret}`);
      known = { secret, scope, key: createSecretKey(key as Buffer) };
    }
    return known.key;
  }

  return ({ url, method, headers, body }, region, { accessKeyId, secretAccessKey, sessionToken }, now) => {
    const time = now.toISOString().replace(/[-:]|\.\d+/gu, "");
    const scope = `${time.slice(0, 8)}/${region}/${service}/${END_OF_SCOPE}`;
    const bodyHash = hash("sha256", body);
    const all: Record<string, string> = { ...headers, "x-amz-content-sha256": bodyHash, "x-amz-date": time };
    if (sessionToken !== undefined) all["x-amz-security-token"] = sessionToken;

    const names = Object.keys(all).sort();
    const signedNames = names.join(";");
    const given: string[] = [];
    let lines = "";
    for (const name of names) {
      const value = all[name] ?? "";
      lines += `${name}:${value}\n`;
      given.push(name, value);
    }
    const canonical = `${method}\n${canonicalPath(url.pathname)}\n\n${lines}\n${signedNames}\n${bodyHash}`;
    const text = `${ALGORITHM}\n${time}\n${scope}\n${hash("sha256", canonical)}`;
    const signature = createHmac("sha256", signingKey(secretAccessKey, scope)).update(text).digest("hex");
    given.push(
      "authorization",
      `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`,
    );
    return given;
  };
}

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** Encoded once more than in the request, as every service but S3 requires; URL has removed dot segments. */
const canonicalPath = (path: string): string =>
  path === "/"
    ? path
    : path
        .replace(/\/{2,}/gu, "/")
        .split("/")
        .map(percentEncoded)
        .join("/");
