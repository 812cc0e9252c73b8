/** One secret of an account. Times in Unix ms. */
export interface Secret {
  /** Tells secrets apart without revealing them. */
  readonly id: string;
  readonly secret: string;
  readonly issuedAt: number;
}

/** A row of the secrets table without its key (docs/architecture.md). */
export interface AccountSecrets {
  readonly current: Secret;
  /** The most recently replaced of those still kept. */
  readonly previous?: OldSecret;
  /** Replaced before that. */
  readonly earlier?: OldSecret;
}

export type OldSecret = Secret & { readonly validUntil: number };

/** The replaced ones, newest first. */
export const olderOf = <T>({ previous, earlier }: { readonly previous?: T; readonly earlier?: T }): readonly T[] =>
  [previous, earlier].filter((each) => each !== undefined);

/** Identifies a secret and its age without revealing it, so it may be stored in the core table. */
export interface SecretMark {
  readonly id: string;
  readonly issuedAt: number;
  /** First login of a PBX with it; later ones are not recorded. */
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
