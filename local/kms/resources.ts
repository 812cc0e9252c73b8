import * as v from "valibot";
import { randomUUID } from "node:crypto";
import { arn } from "../aws/arn.ts";
import type { Provider } from "../cloudformation/deploy.ts";
import { read } from "../cloudformation/read.ts";
import type { Kms } from "./service.ts";

const schema = v.variant("KeySpec", [
  v.object({ KeySpec: v.optional(v.literal("SYMMETRIC_DEFAULT")) }),
  v.object({
    KeySpec: v.picklist(["RSA_2048", "RSA_3072", "RSA_4096"]),
    KeyUsage: v.literal("ENCRYPT_DECRYPT", "asymmetric keys only encrypt here"),
  }),
]);

export const kmsResources = (kms: Kms): Readonly<Record<string, Provider>> => ({
  async "AWS::KMS::Key"(request) {
    const { KeySpec } = read(schema, request);
    const id = randomUUID();
    const keyArn = arn(request.stack, "kms", `key/${id}`);
    if (KeySpec?.startsWith("RSA")) await kms.addRsaKey(id, keyArn, KeySpec);
    return { ref: id, attributes: { Arn: keyArn, KeyId: id } };
  },
});
