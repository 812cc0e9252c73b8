/** What decides which right a call needs, beside the call itself: names, and keys that things are encrypted under. */
export interface Facts {
  readonly region: string;
  readonly accountId: string;
  /** Partition key's name, and ARN of the customer's key that a table is encrypted under, if it is. */
  table(name: string): { readonly partitionKey: string; readonly key?: string } | undefined;
  /** ARN of the customer's key that a queue or topic is encrypted under. */
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
