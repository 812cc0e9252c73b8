import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../../lambdas/core/shared/language.ts";
import {
  LINK_SCOPE,
  LINK_LIFE_MS,
  noticeKinds,
  type Notice,
  type NoticeKind,
} from "../../../lambdas/core/domains/notice.ts";
import type { Registration } from "../../../lambdas/core/registration/registration.ts";
import { noticeMail } from "../../../lambdas/views/mail/notice-mail.tsx";
import { registrationMail } from "../../../lambdas/views/registration/registration-mail.tsx";

const ASK = "https://push.example.com/push/manage";
const LINK = "https://push.example.com/push/enter?link=token";
const AT = Date.UTC(2026, 10, 23, 12, 0);

const notice = (kind: NoticeKind, changes: Partial<Notice> = {}): Notice => ({
  kind,
  account: "pbx.example.com",
  to: "owner@example.com",
  at: AT,
  other: "rival@example.org",
  until: AT + 86_400_000,
  source: "198.51.100.7",
  ...changes,
});

const kinds = Object.keys(noticeKinds) as NoticeKind[];
const cases = kinds.flatMap((kind) => LANGUAGES.map((language) => [kind, language] as const));

describe("an email about a domain", () => {
  it.each(cases)(
    "%s in %s names the domain, leaves no gap, and says the same as text and as HTML",
    (kind, language) => {
      const { to, subject, text, html } = noticeMail(notice(kind, { language }), { ask: ASK, link: LINK });
      expect(to).toBe("owner@example.com");
      expect(subject).toContain("pbx.example.com");
      expect(text).toContain("pbx.example.com");
      expect(`${subject}${text}${html}`).not.toMatch(/\{\w+\}|undefined|NaN/u);
      expect(html).toContain(`<html lang="${language}">`);
      for (const paragraph of text.split("\n\n").slice(0, -1)) {
        expect(html).toContain(paragraph.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"));
      }
    },
  );

  it.each(kinds)("%s contains its link if it has one, otherwise the address where links are requested", (kind) => {
    const { text } = noticeMail(notice(kind), { ask: ASK, ...(LINK_LIFE_MS[kind] && { link: LINK }) });
    expect(text.match(/https:\S+/gu)).toEqual([LINK_LIFE_MS[kind] === undefined ? ASK : LINK]);
  });

  it("lasts no longer than an hour if its link opens the whole page", () => {
    for (const kind of kinds.filter((each) => LINK_SCOPE[each] === undefined))
      expect(LINK_LIFE_MS[kind] ?? 0).toBeLessThanOrEqual(3_600_000);
    expect(kinds.filter((kind) => LINK_LIFE_MS[kind] !== undefined)).toEqual(["access", "address-asked", "claimed"]);
  });

  it("says how long its link works", () => {
    const { text } = noticeMail(notice("access"), { ask: ASK, link: LINK });
    expect(text).toContain("23 November 2026 at 13:00 UTC");
  });

  it("says whether the old password still works", () => {
    const { until, ...without } = notice("replaced");
    expect(noticeMail(notice("replaced"), { ask: ASK }).text).toContain("keep working until 24 November 2026");
    expect(noticeMail(without, { ask: ASK }).text).toContain("The old one is no longer valid");
  });

  it.each(LANGUAGES)("says when and from which address a window got the password, in %s", (language) => {
    const { text } = noticeMail(notice("joined", { language }), { ask: ASK });
    expect(text).toContain("198.51.100.7");
    expect(text).toContain(language === "en" ? "23 November 2026 at 12:00 UTC" : "23. November 2026 um 12:00 UTC");
    expect(text).toContain(
      language === "en" ? "someone else can read your email" : "kann jemand anderes Ihre E-Mails lesen",
    );
  });

  it("warns the owner in case the change was not theirs, unless the operator made it", () => {
    expect(noticeMail(notice("replaced"), { ask: ASK }).text).toContain("someone else can read your email");
    const { text } = noticeMail(notice("replaced", { byOperator: true }), { ask: ASK });
    expect(text).toContain("The operator of this service made this change");
    expect(text).not.toContain("someone else can read your email");
  });

  it.each(["address-changed", "released"] as const)(
    "does not refer a former owner to a page that is no longer theirs: %s",
    (kind) => {
      const { text } = noticeMail(notice(kind), { ask: ASK });
      expect(text).toContain("someone else can read your email");
      expect(text).not.toMatch(/replace the password|page of your domain/u);
    },
  );

  it("escapes values in HTML", () => {
    const { html } = noticeMail(notice("deleted", { account: '<b>"&' }), { ask: ASK });
    expect(html).not.toContain("<b>");
    expect(html).toContain("&lt;b>&quot;&amp;");
  });

  it("is in English if the reader's language is unknown", () => {
    expect(noticeMail(notice("resumed"), { ask: ASK }).subject).toBe("pbx.example.com works again");
  });
});

describe("the signature of an email", () => {
  const asked = {
    ...{ id: "00000000-0000-4000-8000-000000000000", domain: "pbx.example.com", email: "owner@example.com" },
    ...{ source: "198.51.100.7", requestedAt: AT },
  };

  it.each([
    ["en", {}, "Push service"],
    ["de", {}, "Push-Dienst"],
    ["en", { name: "Example & Sons Push", contact: "support@example.com" }, "Example & Sons Push"],
    ["de", { name: "Example & Sons Push" }, "Example & Sons Push"],
  ] as const)("names the operator of the service, in %s: %o", (language, operator, name) => {
    for (const { text, html } of [
      noticeMail(notice("joined", { language }), { ask: ASK }, operator),
      noticeMail(notice("access", { language }), { ask: ASK, link: LINK }, operator),
      registrationMail({ ...asked, language } as Registration, LINK, operator),
    ]) {
      expect(text.endsWith(`\n\n-- \n${name}`)).toBe(true);
      expect(html).toContain(`<p style="font-size:14px">${name.replace("&", "&amp;")}</p></main>`);
    }
  });
});
