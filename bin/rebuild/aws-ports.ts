import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DecryptCommand, GetPublicKeyCommand, InvalidCiphertextException, KMSClient } from "@aws-sdk/client-kms";
import { SNSClient } from "@aws-sdk/client-sns";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { call } from "../../lambdas/adapters/aws/client/call.ts";
import { snsDispatcher } from "../../lambdas/adapters/aws/push/sns-dispatcher.ts";
import { overSns } from "../../lambdas/adapters/aws/client/sdk-client.ts";
import { sealedText, sealer } from "../../lambdas/core/push/seal.ts";
import type { DeviceRow } from "./device.ts";
import { regionOf, type Place } from "./place.ts";
import type { Ports } from "./rebuild.ts";

const LIMIT = 5_000; // ms for each call
/** Rows read at a time, other kinds of rows included. */
const PAGE = 100;

/**
 * DynamoDB, SNS and KMS with the credentials of the SDK's chain: `dynamodb:Scan` and `UpdateItem` on the core table,
 * `sns:CreatePlatformEndpoint`, `kms:GetPublicKey`, and `kms:Decrypt`, which no role of the service has. Rejects when
 * the public key cannot be read.
 */
export async function awsPorts({ region, table, tokenKey, openingKey }: Place): Promise<Ports> {
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: LIMIT, throwOnRequestTimeout: true };
  const settings = { requestHandler, maxAttempts: 1 };
  const dynamo = new DynamoDBClient({ ...settings, region });
  const kms = (key: string) => new KMSClient({ ...settings, region: regionOf(key) ?? region });
  const opening = kms(openingKey);
  const publicKey = await call(
    "kms.GetPublicKey",
    (options) => kms(tokenKey).send(new GetPublicKeyCommand({ KeyId: tokenKey }), options),
    LIMIT,
  );

  return {
    dispatcher: snsDispatcher(overSns(new SNSClient({ ...settings, region }))),
    seal: sealer(Buffer.from(publicKey.PublicKey ?? []).toString("base64")),

    async open(text) {
      const sealed = sealedText(text);
      if (sealed === undefined) return undefined;
      const input = {
        KeyId: openingKey,
        CiphertextBlob: sealed.wrapped,
        EncryptionAlgorithm: "RSAES_OAEP_SHA_256",
      } as const;
      const key = await call(
        "kms.Decrypt",
        async (options) => {
          try {
            return (await opening.send(new DecryptCommand(input), options)).Plaintext;
          } catch (error) {
            if (error instanceof InvalidCiphertextException) return undefined; // sealed with another key
            throw error;
          }
        },
        LIMIT,
      );
      return key && sealed.open(key);
    },

    devices: {
      async page(after) {
        const command = new ScanCommand({
          TableName: table,
          Limit: PAGE,
          FilterExpression: "sk = :device AND attribute_exists(endpointArn)",
          ProjectionExpression: "pk, app, endpointArn, #token, goneAt",
          ExpressionAttributeNames: { "#token": "token" },
          ExpressionAttributeValues: marshall({ ":device": "DEVICE" }),
          ...(after && { ExclusiveStartKey: marshall(after) }),
        });
        const { Items = [], LastEvaluatedKey } = await call(
          "dynamodb.Scan",
          (options) => dynamo.send(command, options),
          LIMIT,
        );
        return {
          rows: Items.map((item) => toRow(unmarshall(item))),
          next: LastEvaluatedKey && unmarshall(LastEvaluatedKey),
        };
      },

      move({ pk, endpointArn: old }, endpointArn, token) {
        const command = new UpdateItemCommand({
          TableName: table,
          Key: marshall({ pk, sk: "DEVICE" }),
          UpdateExpression: "SET endpointArn = :new, #token = :token REMOVE enabledAt",
          ConditionExpression: "endpointArn = :old",
          ExpressionAttributeNames: { "#token": "token" },
          ExpressionAttributeValues: marshall({ ":new": endpointArn, ":token": token, ":old": old }),
        });
        return call(
          "dynamodb.UpdateItem",
          async (options) => {
            try {
              await dynamo.send(command, options);
              return true;
            } catch (error) {
              if (error instanceof ConditionalCheckFailedException) return false;
              throw error;
            }
          },
          LIMIT,
        );
      },
    },
  };
}

const toRow = (item: Readonly<Record<string, unknown>>): DeviceRow => ({
  pk: String(item["pk"]),
  app: String(item["app"]),
  endpointArn: String(item["endpointArn"]),
  token: typeof item["token"] === "string" ? item["token"] : undefined,
  gone: item["goneAt"] !== undefined,
});
