import { getDomain, getPublicSuffix } from "tldts";
import { domainName, hostIn, type NameError } from "../../shared/names.ts";
import { fail, ok, type Result } from "../../shared/result.ts";

/** Who may have a name: what can be registered by email, and which address shows a right to it (docs/ownership.md). */

/**
 * Names that nobody owns in the DNS: RFC 6761 (invalid, localhost), RFC 6762 with its appendix G (local; corp, home,
 * internal, intranet, lan, private), RFC 7686 (onion), RFC 8375 (home.arpa), RFC 9476 (alt), and localdomain by custom.
 * RFC 6761's test and example are left out: people try things with them.
 */
const NOBODYS =
  /(^|\.)(alt|corp|home|home\.arpa|internal|intranet|invalid|lan|local|localdomain|localhost|onion|private)$/u;

/** Public suffixes: ICANN's, and private ones under which others register (dyndns.org, github.io). */
const SUFFIXES = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;

const isPublicSuffix = (name: string): boolean => getPublicSuffix(name, SUFFIXES) === name;

/**
 * Providers that give anybody a mailbox: the large ones, and those of German-speaking countries. Our own list, since
 * the available packages include universities, employers and example.com, or download at install. A missing entry does
 * little harm: the provider's customers can take only its own name and those under it.
 */
const FREE_MAIL: ReadonlySet<string> = new Set([
  ...["126.com", "163.com", "a1.net", "aim.com", "aol.com", "aol.de", "aon.at", "arcor.de", "att.net", "bigpond.com"],
  ...["bluemail.ch", "bluewin.ch", "bol.com.br", "btinternet.com", "chello.at", "comcast.net", "cox.net", "duck.com"],
  ...["email.de", "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at"],
  ...["gmx.ch", "gmx.com", "gmx.de", "gmx.info", "gmx.net", "gmx.org", "googlemail.com", "hey.com", "hispeed.ch"],
  ...["hotmail.ch", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.it", "hushmail.com"],
  ...["icloud.com", "inbox.lv", "interia.pl", "kabelmail.de", "laposte.net", "libero.it", "list.ru", "live.at"],
  ...["live.com", "live.de", "live.nl", "lycos.de", "mac.com", "magenta.de", "mail.com", "mail.de", "mail.ru"],
  ...["mailbox.org", "mailinator.com", "me.com", "msn.com", "mykolab.com", "naver.com", "netcologne.de", "o2.pl"],
  ...["o2mail.de", "o2online.de", "online.de", "onet.pl", "orange.fr", "osnanet.de", "outlook.at", "outlook.com"],
  ...["outlook.de", "outlook.fr", "pm.me", "posteo.at", "posteo.ch", "posteo.de", "posteo.net", "proton.me"],
  ...["protonmail.ch", "protonmail.com", "qq.com", "quickline.ch", "rambler.ru", "rediffmail.com", "rocketmail.com"],
  ...["sbcglobal.net", "seznam.cz", "sfr.fr", "sina.com", "skynet.be", "sunrise.ch", "t-online.de", "telenet.be"],
  ...["tin.it", "tuta.com", "tuta.io", "tutamail.com", "tutanota.com", "tutanota.de", "unitybox.de", "verizon.net"],
  ...["virgilio.it", "vodafone.de", "vodafonemail.de", "wanadoo.fr", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.co.uk"],
  ...["yahoo.com", "yahoo.com.br", "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru"],
  ...["yeah.net", "ymail.com", "yopmail.com", "ziggo.nl", "zoho.com", "zoho.eu"],
]);

const isFreeMail = (home: string): boolean => FREE_MAIL.has(home) || FREE_MAIL.has(getDomain(home, SUFFIXES) ?? "");

/** The DNS zone that most likely holds a record: the registered name above it; undefined if there is none. */
export function zoneOf(record: string): string | undefined {
  const zone = getDomain(record, SUFFIXES);
  return zone === null || zone === record ? undefined : zone;
}

export type RegistrationNameError = NameError | "nobodys" | "suffix";

/**
 * A domain that can be registered by email: a DNS name that someone can own, and no public suffix. Returns its lookup
 * key. From a URL, takes the host.
 *
 * - `nobodys`: nobody can own such a name · `suffix`: a public suffix
 */
export function registrableDomain(input: string): Result<string, RegistrationNameError> {
  const name = domainName(hostIn(input));
  if (!name.ok) return name;
  if (NOBODYS.test(name.value)) return fail("nobodys");
  return isPublicSuffix(name.value) ? fail("suffix") : ok(name.value);
}

/**
 * Whether an address shows a right to a domain, even against another owner: it is at that name or one above it. A name
 * below gives no right (students have mailboxes below their university's name), nor does a public suffix or a provider
 * that gives anybody a mailbox. Both as keys.
 */
export function showsRight(emailKey: string, domain: string): boolean {
  const home = emailKey.slice(emailKey.lastIndexOf("@") + 1);
  return (home === domain || domain.endsWith(`.${home}`)) && !isFreeMail(home) && !isPublicSuffix(home);
}
