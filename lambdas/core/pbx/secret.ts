/** One secret of an account. Times in Unix ms. */
export interface Secret {
  /** Tells secrets apart without revealing them. */
  readonly id: string;
  readonly secret: string;
  readonly issuedAt: number;
}

/** A row of the secrets table, its key apart (docs/architecture.md). */
export interface AccountSecrets {
  readonly current: Secret;
  readonly previous?: Secret & { readonly validUntil: number };
}
