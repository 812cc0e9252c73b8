/** A value that a visitor is to put into the DNS. */
export interface TxtValue {
  readonly value: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Values for TXT records, each for one domain and one address. All throw DependencyError. */
export interface TxtValues {
  /** The value of this domain and address; `fresh` becomes it if there is none at `now` (Unix ms). */
  current(domain: string, emailKey: string, fresh: TxtValue, now: number): Promise<TxtValue>;
  /** It has served: the next proof needs another. */
  end(domain: string, emailKey: string): Promise<void>;
}

/** The DNS as everybody sees it. Throws DependencyError when it does not answer in time. */
export interface TxtRecords {
  /** All TXT records of a name, each in one piece; none if there is no such name. */
  find(name: string): Promise<readonly string[]>;
}
