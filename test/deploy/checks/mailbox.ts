import * as v from "valibot";

/** The emails that the emulator's SES accepted. */
const schema = v.object({
  messages: v.record(
    v.string(),
    v.array(v.object({ To: v.array(v.string()), Subject: v.string(), BodyText: v.string() })),
  ),
});

/** The link in the newest email to that address, once there is one. */
export async function linkTo(emulator: string, address: string): Promise<string | undefined> {
  const answer = await fetch(`${emulator}/_ministack/ses/messages`);
  const mails = Object.values(v.parse(schema, await answer.json()).messages).flat();
  const text = mails.findLast((mail) => mail.To.includes(address))?.BodyText;
  return /https?:\/\/\S+/u.exec(text ?? "")?.[0];
}
