import { arn } from "../../aws/arn.ts";
import { ANY, right, textOf, type RightsOf, type Table } from "./table.ts";

/** Source: Service Authorization Reference, "AWS KMS". */
const onKey =
  (action: string): RightsOf =>
  ({ input }, facts) => [right(`kms:${action}`, facts.keyArn(textOf(input["KeyId"])))];

export const kms: Table = { GetPublicKey: onKey("GetPublicKey"), Decrypt: onKey("Decrypt") };

/**
 * Source: Service Authorization Reference, "AWS Secrets Manager". A call may give the secret's name; its ARN is
 * checked.
 */
const onSecret =
  (action: string): RightsOf =>
  ({ input }, facts) => {
    const id = textOf(input["SecretId"]);
    return [
      right(
        `secretsmanager:${action}`,
        facts.secret(id) ?? (id.startsWith("arn:") ? id : arn(facts, "secretsmanager", `secret:${id}`)),
      ),
    ];
  };

export const secretsmanager: Table = {
  GetSecretValue: onSecret("GetSecretValue"),
  DescribeSecret: onSecret("DescribeSecret"),
};

/**
 * Source: Service Authorization Reference, "Amazon CloudWatch": GetMetricData takes no resource. DescribeAlarms lists first
 * and filters afterwards (recorded refusals name `alarm:*`).
 */
export const monitoring: Table = {
  DescribeAlarms: (_, facts) => [right("cloudwatch:DescribeAlarms", arn(facts, "cloudwatch", "alarm:*"))],
  GetMetricData: () => [right("cloudwatch:GetMetricData", ANY)],
};

/** Source: API Gateway Developer Guide, "Use IAM authorization" for WebSocket APIs: API/STAGE/METHOD/@connections/ID. */
const onConnection =
  (method: string): RightsOf =>
  ({ input }, facts) => [
    right(
      "execute-api:ManageConnections",
      arn(facts, "execute-api", `${facts.socketApi}/${method}/@connections/${textOf(input["ConnectionId"])}`),
    ),
  ];

export const executeApi: Table = {
  GetConnection: onConnection("GET"),
  PostToConnection: onConnection("POST"),
  DeleteConnection: onConnection("DELETE"),
};
