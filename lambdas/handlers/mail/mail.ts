import * as v from "valibot";

const Message = v.object({ kind: v.picklist(["registration", "notice"]), id: v.string() });

export interface MailWork {
  registration(id: string): Promise<void>;
  notice(id: string): Promise<void>;
  /** False: the message is not an event from SES. */
  sesEvent(message: unknown): Promise<boolean>;
}

/**
 * Messages of the mail queue: our own orders (adapters/aws/mail/mail-queue.ts), and what SES reports. Throws to get a
 * message again.
 */
export const mailHandler =
  (work: MailWork) =>
  async (message: unknown): Promise<void> => {
    if (await work.sesEvent(message)) return;
    const { kind, id } = v.parse(Message, message);
    await work[kind](id);
  };
