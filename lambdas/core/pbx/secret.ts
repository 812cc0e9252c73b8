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
  /** Replaced last, of those that are still kept. */
  readonly previous?: OldSecret;
  /** Replaced before that. */
  readonly earlier?: OldSecret;
}

export type OldSecret = Secret & { readonly validUntil: number };

/** What has been replaced, newest first. */
export const olderOf = <T>({ previous, earlier }: { readonly previous?: T; readonly earlier?: T }): readonly T[] =>
  [previous, earlier].filter((each) => each !== undefined);

/** Tells which secret it is and how old, never the secret: this may stand in the core table. */
export interface SecretMark {
  readonly id: string;
  readonly issuedAt: number;
  /** First login of a PBX with it; later ones write nothing. */
  readonly usedAt?: number;
}

export type OldSecretMark = SecretMark & { readonly validUntil: number };

export interface SecretMarks {
  readonly current: SecretMark;
  readonly previous?: OldSecretMark;
  readonly earlier?: OldSecretMark;
}

export const marksIn = (marks: SecretMarks): readonly SecretMark[] => [marks.current, ...olderOf(marks)];

/** Secrets that a PBX has logged in with, by their ids. */
export const usedOf = (marks: SecretMarks): readonly string[] =>
  marksIn(marks).flatMap(({ id, usedAt }) => (usedAt === undefined ? [] : [id]));
