/** Time and randomness, which tests can choose. */
export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Resolves after `ms`. */
  sleep(ms: number): Promise<void>;
}

export interface Random {
  /** `count` random bytes from a cryptographic source. */
  bytes(count: number): Uint8Array;
  /** An RFC 9562 UUID of version 4, far cheaper than `bytes`: for names, not for secrets. */
  uuid(): string;
}
