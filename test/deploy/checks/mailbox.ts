import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";

/** The mails that the emulator's SES took. */
const schema = v.object({
  messages: v.record(
    v.string(),
    v.array(v.object({ To: v.array(v.string()), Subject: v.string(), BodyText: v.string() })),
  ),
});

/** The link in the newest mail to that address; waits up to 15 s for it. */
export async function linkTo(emulator: string, address: string): Promise<string> {
  for (let tries = 0; tries < 75; tries++) {
    const answer = await fetch(`${emulator}/_ministack/ses/messages`);
    const mails = Object.values(v.parse(schema, await answer.json()).messages).flat();
    const text = mails.findLast((mail) => mail.To.includes(address))?.BodyText;
    const link = /https?:\/\/\S+/u.exec(text ?? "")?.[0];
    if (link !== undefined) return link;
    await delay(200);
  }
  throw new Error(`no mail with a link to ${address} came within 15 s`);
}
