import { describe, expect, it } from "vitest";
import { registrableDomain, showsRight, zoneOf } from "../../../../lambdas/core/domains/proof/name-rights.ts";

describe("registrableDomain", () => {
  it.each([
    ["pbx.example.com", "pbx.example.com"],
    ["PBX.Example.COM.", "pbx.example.com"],
    ["https://pbx.example.com/push/ws", "pbx.example.com"],
    ["HTTPS://pbx.example.com:8443", "pbx.example.com"],
    ["sip:pbx.example.com", "pbx.example.com"],
    ["sips:alice@pbx.example.com;transport=tls", "pbx.example.com"],
    ["pbx.example.com:443", "pbx.example.com"],
    ["pbx.example.com/", "pbx.example.com"],
    ["mu\u0308nchen.example", "xn--mnchen-3ya.example"],
    // Suffixes that others register under are refused; what they register is not.
    ["pbx.dyndns.org", "pbx.dyndns.org"],
    ["customer.github.io", "customer.github.io"],
    ["customer.co.uk", "customer.co.uk"],
    // For experiments.
    ["pbx.test", "pbx.test"],
    ["pbx.example", "pbx.example"],
    ["nolan.example", "nolan.example"],
    ["lan.example", "lan.example"],
  ])("reads %j as %s", (input, name) => expect(registrableDomain(input)).toEqual({ ok: true, value: name }));

  it.each([
    ...["pbx.lan", "pbx.local", "PBX.INTERNAL", "home.arpa", "pbx.home.arpa", "pbx.invalid", "firma.corp"],
    ...["x.onion", "pbx.home", "pbx.intranet", "pbx.private", "pbx.localhost", "pbx.localdomain", "pbx.alt"],
  ])("refuses %s, which no one can own", (input) => {
    expect(registrableDomain(input)).toEqual({ ok: false, error: "nobodys" });
  });

  it.each(["co.uk", "github.io", "dyndns.org", "ddns.net", "com.au", "公司.cn", "anything.ck", "kobe.jp"])(
    "refuses %s, a suffix that others register under",
    (input) => expect(registrableDomain(input)).toEqual({ ok: false, error: "suffix" }),
  );

  it.each([
    ["", "empty"],
    ["https://", "empty"],
    ["pbx", "one-label"],
    ["pbx:443", "address"],
    ["192.0.2.1:443", "address"],
    ["[2001:db8::1]:443", "address"],
    ["pbx.example.com/master", "slash"],
    ["pbx.example.com:443/master", "slash"],
    ["admin@example.com", "bad-label"],
  ])("refuses %j: %s", (input, error) => expect(registrableDomain(input)).toEqual({ ok: false, error }));
});

describe("an address shows a right", () => {
  it.each([
    ["admin@pbx.example.com", "pbx.example.com", true],
    ["admin@example.com", "pbx.example.com", true],
    ["admin@example.com", "a.b.example.com", true],
    // Mailboxes below a name belong to others.
    ["s123@students.dorm.uni.example", "uni.example", false],
    ["admin@mail.pbx.example.com", "pbx.example.com", false],
    ["admin@other.example.com", "pbx.example.com", false],
    ["admin@notexample.com", "example.com", false],
    ["admin@example.com", "notexample.com", false],
    ["admin@pbx.example.com.evil.example", "pbx.example.com", false],
    ["pbx.example.com@evil.example", "pbx.example.com", false],
    // Anyone can get a mailbox there.
    ["somebody@gmail.com", "gmail.com", false],
    ["somebody@gmx.de", "pbx.gmx.de", false],
    ["somebody@gmx.ch", "gmx.ch", false],
    ["somebody@web.de", "web.de", false],
    ["somebody@posteo.de", "posteo.de", false],
    ["somebody@mail.yahoo.com", "mail.yahoo.com", false],
    // Or a name.
    ["admin@dyndns.org", "pbx.dyndns.org", false],
    ["admin@co.uk", "customer.co.uk", false],
    ["admin@pbx.dyndns.org", "pbx.dyndns.org", true],
  ])("%s to %s: %s", (email, domain, shown) => expect(showsRight(email, domain)).toBe(shown));
});

/** Where anyone can get a mailbox: without this entry, customers could register the provider's own name. */
const FREE_MAIL = `
  126.com 163.com a1.net aim.com aol.com aol.de aon.at arcor.de att.net bigpond.com bluemail.ch bluewin.ch
  bol.com.br btinternet.com chello.at comcast.net cox.net duck.com email.de fastmail.com fastmail.fm
  foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.info gmx.net gmx.org
  googlemail.com hey.com hispeed.ch hotmail.ch hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it
  hushmail.com icloud.com inbox.lv interia.pl kabelmail.de laposte.net libero.it list.ru live.at live.com
  live.de live.nl lycos.de mac.com magenta.de mail.com mail.de mail.ru mailbox.org mailinator.com me.com
  msn.com mykolab.com naver.com netcologne.de o2.pl o2mail.de o2online.de online.de onet.pl orange.fr
  osnanet.de outlook.at outlook.com outlook.de outlook.fr pm.me posteo.at posteo.ch posteo.de posteo.net
  proton.me protonmail.ch protonmail.com qq.com quickline.ch rambler.ru rediffmail.com rocketmail.com
  sbcglobal.net seznam.cz sfr.fr sina.com skynet.be sunrise.ch t-online.de telenet.be tin.it tuta.com tuta.io
  tutamail.com tutanota.com tutanota.de unitybox.de verizon.net virgilio.it vodafone.de vodafonemail.de
  wanadoo.fr web.de wp.pl yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it
  yandex.com yandex.ru yeah.net ymail.com yopmail.com ziggo.nl zoho.com zoho.eu
`;
it.each(FREE_MAIL.trim().split(/\s+/u))("an address at %s shows no right to that name", (provider) => {
  expect(showsRight(`somebody@${provider}`, provider)).toBe(false);
  expect(showsRight(`somebody@mail.${provider}`, `pbx.mail.${provider}`)).toBe(false);
});

it.each([
  ["_push-challenge.pbx.example.com", "example.com"],
  ["pbx.customer.co.uk", "customer.co.uk"],
  ["example.com", undefined],
  ["com", undefined],
  ["github.io", undefined],
])("the record %s most likely belongs in the zone %s", (record, zone) => expect(zoneOf(record)).toBe(zone));
