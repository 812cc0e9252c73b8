/** An address that gets no email for a while, or until an operator allows it again. */
export interface Suppression {
  /** Email key. */
  readonly address: string;
  readonly reason: "bounced" | "complained";
  /** Unix ms. */
  readonly at: number;
}

/** How long a hard bounce suppresses an address, in ms: a missing mailbox may be set up tomorrow. */
const BOUNCE_LIFE_MS = 7 * 86_400_000; // 7 days

/** Unix ms; undefined: until an operator allows the address again, as its reader asked for no more email. */
export const suppressedUntil = ({ reason, at }: Omit<Suppression, "address">): number | undefined =>
  reason === "bounced" ? at + BOUNCE_LIFE_MS : undefined;

/** Whether an address gets no email at `now` (Unix ms). */
export const isSuppressed = (suppression: Suppression | undefined, now: number): suppression is Suppression =>
  suppression !== undefined && (suppressedUntil(suppression) ?? Number.POSITIVE_INFINITY) > now;
