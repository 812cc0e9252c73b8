import { constants, generateKeyPair, privateDecrypt, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { AwsError, jsonBody, jsonResponse, type AwsService } from "../aws/protocols.ts";

/** RSA keys for encryption. Symmetric keys are used inside other services, which store plain text here. */
export interface Kms {
  readonly service: AwsService;
  /** Makes the key pair; `spec` is `RSA_2048`, `RSA_3072` or `RSA_4096`. */
  addRsaKey(id: string, arn: string, spec: string): Promise<void>;
}

interface RsaKey {
  readonly arn: string;
  readonly spec: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);
const HASHES: Readonly<Record<string, string>> = { RSAES_OAEP_SHA_1: "sha1", RSAES_OAEP_SHA_256: "sha256" };

export function createKms(): Kms {
  const keys = new Map<string, RsaKey>();

  const keyOf = (input: Readonly<Record<string, unknown>>): RsaKey => {
    const name = String(input["KeyId"]);
    const key = keys.get(name.split("/").at(-1) ?? "");
    if (key === undefined) throw new AwsError("NotFoundException", `no asymmetric key ${name} on the local host`);
    return key;
  };
  const padding = (input: Readonly<Record<string, unknown>>) => {
    const oaepHash = HASHES[String(input["EncryptionAlgorithm"])];
    if (oaepHash === undefined) throw new AwsError("InvalidKeyUsageException", "the key encrypts by RSAES_OAEP only");
    return { oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING };
  };
  const bytes = (value: unknown) => Buffer.from(String(value), "base64");

  return {
    service(request) {
      const input = jsonBody(request);
      const { arn, spec, publicKey, privateKey } = keyOf(input);
      switch (request.operation) {
        case "GetPublicKey":
          return jsonResponse({
            KeyId: arn,
            KeySpec: spec,
            CustomerMasterKeySpec: spec,
            KeyUsage: "ENCRYPT_DECRYPT",
            EncryptionAlgorithms: Object.keys(HASHES),
            PublicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
          });
        case "Decrypt":
          try {
            const plain = privateDecrypt({ key: privateKey, ...padding(input) }, bytes(input["CiphertextBlob"]));
            return jsonResponse({ KeyId: arn, Plaintext: plain.toString("base64") });
          } catch (error) {
            if (error instanceof AwsError) throw error;
            throw new AwsError("InvalidCiphertextException", "not encrypted to this key");
          }
        default:
          throw new AwsError("UnsupportedOperationException", `KMS ${request.operation} is not simulated`);
      }
    },
    async addRsaKey(id, arn, spec) {
      const modulusLength = Number(spec.replace("RSA_", ""));
      keys.set(id, { arn, spec, ...(await generate("rsa", { modulusLength })) });
    },
  };
}
