export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Throws DependencyError; kinds `timeout` and `reset` mean that the mail may be on its way all the same. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Hands work over to the mail function. Throws DependencyError. */
export interface MailQueue {
  registration(id: string): Promise<void>;
}
