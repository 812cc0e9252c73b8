export interface Secret {
  /** Tells secrets apart without telling them. */
  readonly id: string;
  readonly secret: string;
}

/** A row of the secrets table (docs/architecture.md). Times in Unix ms. */
export interface AccountSecrets {
  readonly current: Secret;
  readonly previous?: Secret & { readonly validUntil: number };
}
