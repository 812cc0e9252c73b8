import { CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, type TablePropsV2 } from "aws-cdk-lib/aws-dynamodb";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { StageConfig } from "./config.ts";
import { acknowledge } from "./policies/acknowledge.ts";
import { eventsKey } from "./apps/events-key.ts";
import { ServiceTable, type Tables } from "./storage/service-table.ts";

/** What must outlive every deployment (docs/architecture.md, Tables), and its encryption keys. */
export class DataStack extends Stack {
  readonly tables: Tables;
  /** Encrypts device tokens with its public half; only a rebuild of endpoints needs the private one. */
  readonly tokenKey: Key;
  /** Encrypts the topics that SNS and SES write to, and the logs that hold device tokens. */
  readonly eventsKey: Key;

  constructor(scope: Construct, id: string, config: StageConfig, props: StackProps) {
    super(scope, id, props);
    const removalPolicy = config.removal === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const billing = Billing.onDemand({
      maxReadRequestUnits: config.tables.maxReadUnits,
      maxWriteRequestUnits: config.tables.maxWriteUnits,
    });
    const kept = {
      billing,
      removalPolicy,
      deletionProtection: config.removal === "retain",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    } satisfies Partial<TablePropsV2>;

    const secretsKey = new Key(this, "SecretsKey", {
      description: `Push service, stage ${config.name}: secrets of PBXes`,
      enableKeyRotation: true,
      removalPolicy,
    });
    this.tokenKey = new Key(this, "TokenKey", {
      description: `Push service, stage ${config.name}: stored device tokens`,
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.ENCRYPT_DECRYPT,
      // A replica in another Region decrypts tokens if this one is lost (docs/operate/recovery.md). Cannot be set
      // later.
      multiRegion: true,
      removalPolicy,
    });
    this.eventsKey = eventsKey(this, "EventsKey", { config, removalPolicy });

    const secrets = new ServiceTable(this, "Secrets", {
      ...kept,
      partitionKey: { name: "account", type: AttributeType.STRING },
      encryption: TableEncryptionV2.customerManagedKey(secretsKey),
    });
    const core = new ServiceTable(this, "Core", {
      ...kept,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      timeToLiveAttribute: "ttl",
      globalSecondaryIndexes: [
        {
          indexName: "byEndpoint",
          partitionKey: { name: "endpointArn", type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          indexName: "byKind",
          partitionKey: { name: "kind", type: AttributeType.STRING },
          sortKey: { name: "pk", type: AttributeType.STRING },
        },
      ],
    });
    const sessions = new ServiceTable(this, "Sessions", {
      billing,
      removalPolicy: RemovalPolicy.DESTROY,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      timeToLiveAttribute: "ttl",
      globalSecondaryIndexes: [
        {
          indexName: "byDomain",
          partitionKey: { name: "domain", type: AttributeType.STRING },
          sortKey: { name: "pk", type: AttributeType.STRING },
        },
      ],
    });
    acknowledge(
      sessions,
      "Connections, tickets and counters live minutes to hours: PBXes reconnect and people ask again.",
      "AwsSolutions-DDB3",
    );
    this.tables = { secrets, core, sessions };

    for (const [name, table] of Object.entries({ SecretsTable: secrets, CoreTable: core }))
      new CfnOutput(this, name, { value: table.tableName, description: "Kept when the stack goes" });
    new CfnOutput(this, "TokenKeyArn", { value: this.tokenKey.keyArn, description: "Opens device tokens; kept" });
  }
}
