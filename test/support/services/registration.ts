import type { Limits } from "../../../lambdas/core/shared/limits.ts";
import type { RecentPosts } from "../../../lambdas/core/domains/recent-posts.ts";
import { parseEmail } from "../../../lambdas/core/shared/email.ts";
import type { Mail } from "../../../lambdas/ports/mail.ts";
import { registrationLink } from "../../../lambdas/usecases/registration/confirm.ts";
import { MailBusy } from "../../../lambdas/usecases/mail/send-mail.ts";
import { connectWindow } from "../../../lambdas/usecases/registration/connect-window.ts";
import { registrationMail } from "../../../lambdas/usecases/registration/registration-mail.ts";
import { memoryStore, type Store } from "../memory/memory-store.ts";
import { rememberingTelemetry } from "../memory/remembering-telemetry.ts";
import { memorySockets } from "../process/sockets.ts";
import { testClock, testRandom } from "../values/time-and-chance.ts";
import { limits as usualLimits } from "../values/values.ts";

/** Fewer emails than usual, so that a few requests reach the limits. */
export const limits: Limits = { ...usualLimits, mailsPerAddressPerHour: 3, mailsPerDomainPerHour: 3 };

/** Registration from both ends: the Connect window, the mail function, and the reader of the email. */
export function registrationServices(changed: Partial<Limits> = {}, store: Store = memoryStore()) {
  const clock = testClock();
  const random = testRandom();
  const telemetry = rememberingTelemetry();
  const queued: string[] = [];
  const mails: (Mail & { readonly link: string })[] = [];
  /** Notices put on the mail queue, and domains to be swept immediately. */
  const noticed: string[] = [];
  const sweeps: string[] = [];
  const failing = { mailer: undefined as Error | undefined };
  const noticeQueue = { notice: (id: string) => Promise.resolve(void noticed.push(id)) };
  const sweep = {
    sweep: (domain: string, after: number) => Promise.resolve(void sweeps.push(`${domain} after ${after}`)),
  };
  const kept = new Map<string, RecentPosts>();
  const sockets = memorySockets();
  const recentPosts = {
    kept,
    find: (domain: string) => Promise.resolve(kept.get(domain)),
    findAll: (domains: readonly string[]) => Promise.resolve(domains.flatMap((domain) => kept.get(domain) ?? [])),
  };
  const allowed = { ...limits, ...changed };
  const ports = {
    ...store,
    clock,
    random,
    telemetry,
    limits: allowed,
    noticeQueue,
    sweeps: sweep,
    recentPosts,
    sockets,
  };

  const window = connectWindow({
    ...ports,
    mailQueue: { registration: (id) => Promise.resolve(void queued.push(id)) },
  });
  const page = registrationLink(ports);
  const deliver = registrationMail({
    ...ports,
    mailer: {
      send: (mail) =>
        failing.mailer ? Promise.reject(failing.mailer) : Promise.resolve(void mails.push(mail as never)),
    },
    compose: ({ email }, link) => ({ to: email, subject: "", html: "", text: "", link }) as Mail,
  });

  /** Processes the mail queue; a leased email comes again. */
  async function work(): Promise<void> {
    for (const id of queued.splice(0)) {
      await deliver(id).catch((error: unknown) => {
        if (!(error instanceof MailBusy)) throw error;
        queued.push(id);
      });
    }
  }

  /** Requests a link and sends the email, which is undefined if none came. */
  async function ask(domain: string, email: string, source = "192.0.2.1") {
    const address = parseEmail(email);
    if (!address.ok) throw new Error("not an address");
    const requested = await window.request(domain, address.value, source, "en");
    if ("limitedFor" in requested) throw new Error("limited");
    const before = mails.length;
    await work();
    return { ...requested, link: mails[before]?.link };
  }

  /** The whole story up to the password. */
  async function register(domain: string, email: string, replace = false) {
    const { ticket, code, link } = await ask(domain, email);
    const outcome = await page.confirm(link ?? "", code, replace);
    const polled = await window.poll(ticket);
    return { outcome, ticket, password: polled?.state === "confirmed" ? polled.password : undefined };
  }

  return { ...ports, queued, noticed, swept: sweeps, mails, failing, window, page, deliver, work, ask, register };
}
