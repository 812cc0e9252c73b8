import { referenceOf, type Registration } from "../../core/registration/registration.ts";
import { mail, type WordedMail } from "../mail/mail.tsx";
import { readableTime } from "../shared/page.tsx";
import type { Operator } from "../shared/reader.ts";
import { fill, texts } from "../texts/texts.ts";

/**
 * The email with the link. It contains no free text from the requester: the domain is in its checked A-label form.
 *
 * @param url of the page behind the link
 * @param operator who signs
 */
export function registrationMail(registration: Registration, url: string, operator: Operator = {}): WordedMail {
  const { domain, source, email, requestedAt, language } = registration;
  const t = texts[language];
  const m = t.mail;
  const reference = referenceOf(registration);
  const asked = fill(m.asked, { domain, source, when: readableTime(requestedAt, t.locale) });
  return mail(t, operator, {
    to: email,
    subject: fill(m.subject, { domain, reference }),
    before: [m.greeting, asked, fill(m.action, { reference })],
    link: { url, label: m.button },
    after: [m.life, m.ignore],
  });
}
