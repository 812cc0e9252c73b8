import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEmail } from "../../../lambdas/core/shared/email.ts";
import { mailboxOf } from "../../../lambdas/core/shared/mailbox.ts";

describe("the mailbox of an address", () => {
  it.each([
    ["victim@example.com", "victim@example.com"],
    ["victim+1@example.com", "victim@example.com"],
    ["victim+a+b@example.com", "victim@example.com"],
    ["vic.tim@example.com", "vic.tim@example.com"],
    ["vic-tim@example.com", "vic-tim@example.com"],
    ["v.i.c.tim+x@gmail.com", "victim@gmail.com"],
    ["vic.tim@googlemail.com", "victim@gmail.com"],
    ["victim-list@yahoo.com", "victim@yahoo.com"],
    ["victim@ya.ru", "victim@yandex.ru"],
    ["+1@example.com", "+1@example.com"],
    ["+@gmail.com", "+@gmail.com"],
  ])("%s is %s", (address, mailbox) => expect(mailboxOf(address)).toBe(mailbox));

  it("is its own mailbox, and does not change when it is looked up again", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const parsed = parseEmail(text);
        fc.pre(parsed.ok);
        const mailbox = mailboxOf(parsed.value.key);
        expect(mailboxOf(mailbox)).toBe(mailbox);
      }),
    );
  });
});
