import { GetPublicKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { PublicKeys } from "../../../ports/push.ts";
import { call } from "../client/call.ts";

export function kmsPublicKeys(client: KMSClient): PublicKeys {
  return {
    async publicKey(keyArn) {
      const command = new GetPublicKeyCommand({ KeyId: keyArn });
      const { PublicKey } = await call("kms.GetPublicKey", (options) => client.send(command, options));
      return Buffer.from(PublicKey ?? []).toString("base64");
    },
  };
}
