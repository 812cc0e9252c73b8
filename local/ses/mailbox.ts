/** An email as the mailbox shows it: one element of `GET /_local/mail`. */
export interface Mail {
  /** Bare addresses, joined by `, `. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  /** Empty if the email has no such part. */
  readonly text: string;
  readonly html: string;
  /** ISO 8601. */
  readonly date: string;
}

/** Receives every email that the functions send. Newest last; the oldest are dropped. */
export interface Mailbox {
  add(mail: Mail): void;
  list(): readonly Mail[];
  clear(): void;
}

const KEPT = 10_000;

export function createMailbox(): Mailbox {
  let mails: Mail[] = [];
  return {
    add(mail) {
      mails.push(mail);
      if (mails.length > KEPT) mails.shift();
    },
    list: () => mails,
    clear() {
      mails = [];
    },
  };
}
