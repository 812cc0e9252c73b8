import { TableV2, type TablePropsV2 } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement, type IRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { StageConfig } from "../config.ts";

type TableAccess = "read" | "write" | "read-write" | "delete";

/** Narrows a grant to some rows, or adds Query by `partitions` or `indexes`. */
export interface GrantOptions {
  /** Partition keys it is limited to; `DEVICE#*` is a prefix. */
  readonly keys?: readonly string[];
  /** Writes may not return old values, which would be a read. */
  readonly blind?: boolean;
  /** May query partitions of the table. */
  readonly partitions?: boolean;
  /** Names of the indexes it may query. */
  readonly indexes?: readonly string[];
}

/** Limits a function to partition keys unless the stage's rights are `wide` (docs/unproven.md, `leading-keys`). */
export const onlyKeys = ({ fallbacks }: StageConfig, keys: readonly string[]): GrantOptions =>
  fallbacks.rights === "exact" ? { keys } : {};

const reading = ["dynamodb:GetItem", "dynamodb:BatchGetItem"];
const writing = [
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
];
/** DynamoDB uses the table's key on behalf of the caller, so every caller needs to decrypt. */
const opening = ["kms:Decrypt", "kms:DescribeKey"];
const closing = ["kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"];

/** A table that grants no more than a function needs. */
export class ServiceTable extends TableV2 {
  readonly indexes: readonly string[];

  constructor(scope: Construct, id: string, props: TablePropsV2) {
    super(scope, id, props);
    this.indexes = (props.globalSecondaryIndexes ?? []).map(({ indexName }) => indexName);
  }

  grantRead(role: IRole, options?: GrantOptions): void {
    this.#grant(role, "read", options);
  }

  grantWrite(role: IRole, options?: GrantOptions): void {
    this.#grant(role, "write", options);
  }

  grantReadWrite(role: IRole, options?: GrantOptions): void {
    this.#grant(role, "read-write", options);
  }

  /** Grants DeleteItem only. */
  grantDelete(role: IRole, options?: GrantOptions): void {
    this.#grant(role, "delete", options);
  }

  /**
   * Includes use of the table's key, if it has one. Narrower than cdk-lib's grants: no Scan, so that no function can
   * copy a whole table; indexes by name only; no wildcard.
   */
  #grant(
    role: IRole,
    access: TableAccess,
    { keys, blind = false, partitions = false, indexes = [] }: GrantOptions = {},
  ): void {
    const reads = access === "read" || access === "read-write";
    const writes = access === "write" || access === "read-write";
    const actions =
      access === "delete" ? ["dynamodb:DeleteItem"] : [...(reads ? reading : []), ...(writes ? writing : [])];
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
        resources: [this.tableArn],
        conditions: {
          ...(keys !== undefined && { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys } }),
          ...(blind && { StringEqualsIfExists: { "dynamodb:ReturnValues": "NONE" } }),
        },
      }),
    );
    const queried = [
      ...(partitions ? [this.tableArn] : []),
      ...indexes.map((index) => `${this.tableArn}/index/${index}`),
    ];
    if (queried.length > 0)
      role.addToPrincipalPolicy(new PolicyStatement({ actions: ["dynamodb:Query"], resources: queried }));
    if (this.encryptionKey === undefined) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...opening, ...(writes ? closing : [])],
        resources: [this.encryptionKey.keyArn],
      }),
    );
  }
}

/** The tables of docs/architecture.md, Tables. */
export type Tables = Readonly<Record<"secrets" | "core" | "sessions", ServiceTable>>;
