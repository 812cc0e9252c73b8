import { TableV2, type TablePropsV2 } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, type IRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

export type TableAccess = "read" | "write" | "read-write" | "delete";

const reading = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];
const writing = [
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
];
/** DynamoDB opens the table's own key on behalf of whoever calls, so every caller needs to decrypt. */
const opening = ["kms:Decrypt", "kms:DescribeKey"];
const closing = ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"];

/** A table that grants no more than a function needs. */
export class ServiceTable extends TableV2 {
  readonly #indexes: readonly string[];

  constructor(scope: Construct, id: string, props: TablePropsV2) {
    super(scope, id, props);
    this.#indexes = (props.globalSecondaryIndexes ?? []).map(({ indexName }) => indexName);
  }

  /**
   * Lets a role read, write or only delete items, also through the indexes, and use the table's key if it has one. Narrower than
   * cdk-lib's grants: no Scan, so that no function can walk off with a whole table, and no wildcard.
   *
   * @param keys partition keys of the only rows the role may touch; then without the indexes
   */
  allow(role: IRole, access: TableAccess, keys?: readonly string[]): void {
    const reads = access === "read" || access === "read-write";
    const writes = access === "write" || access === "read-write";
    const actions = access === "delete" ? ["dynamodb:DeleteItem"] : [...(reads ? reading : []), ...(writes ? writing : [])];
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
        resources: [this.tableArn, ...(reads && keys === undefined ? this.#indexes.map((index) => `${this.tableArn}/index/${index}`) : [])],
        ...(keys !== undefined && {
          conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": keys } },
        }),
      }),
    );
    if (this.encryptionKey === undefined) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...opening, ...(writes ? closing : [])],
        resources: [this.encryptionKey.keyArn],
      }),
    );
  }
}
