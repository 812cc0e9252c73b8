/** What determines the rights that a call needs, beside the call itself: names, and encryption keys. */
export interface Facts {
  readonly region: string;
  readonly accountId: string;
  /** Name of a table's partition key, and ARN of the customer's key that encrypts the table, if any. */
  table(name: string): { readonly partitionKey: string; readonly key?: string } | undefined;
  /** ARN of the customer's key that encrypts a queue or topic, if any. */
  keyOf(arn: string): string | undefined;
  /** ARN of a secret, by name or ARN. */
  secret(id: string): string | undefined;
  /** ARN of a key, by id or ARN. */
  keyArn(id: string): string;
  /** Whether SES knows this address or domain as an identity. */
  isIdentity(name: string): boolean;
  /** `ID/STAGE` of the WebSocket API behind `@connections`. */
  readonly socketApi: string;
}
