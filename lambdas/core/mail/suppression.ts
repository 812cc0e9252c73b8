/** An address that gets no more mail, until an operator allows it again. */
export interface Suppression {
  /** Email key. */
  readonly address: string;
  readonly reason: "bounced" | "complained";
  /** Unix ms. */
  readonly at: number;
}
