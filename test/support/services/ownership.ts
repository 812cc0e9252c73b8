import type { Change } from "../../../lambdas/core/domains/change.ts";
import { parseEmail, type EmailAddress } from "../../../lambdas/core/shared/email.ts";
import type { Limits } from "../../../lambdas/core/shared/limits.ts";
import type { Visitor } from "../../../lambdas/core/domains/visitor.ts";
import type { Domains, PendingNotice } from "../../../lambdas/ports/domains.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import type { Mail } from "../../../lambdas/ports/mail.ts";
import { domainUpkeep } from "../../../lambdas/usecases/domains/expire-domains.ts";
import { MailBusy } from "../../../lambdas/usecases/mail/send-mail.ts";
import { noticeMail } from "../../../lambdas/usecases/mail/notice-mail.ts";
import { operatorCommands } from "../../../lambdas/usecases/admin/commands.ts";
import { ownerCommands } from "../../../lambdas/usecases/domains/owner-commands.ts";
import { accessLinks } from "../../../lambdas/usecases/web/access-links.ts";
import { connectionCloser } from "../../../lambdas/usecases/domains/close-connections.ts";
import { memoryStore, type Store } from "../memory/memory-store.ts";
import { memoryVisits } from "../memory/memory-web-sessions.ts";
import { limits, registrationServices } from "./registration.ts";
import { memorySockets } from "../process/sockets.ts";

export const OPERATOR = "operator test";

/** `leftAt` in Unix ms. */
type SentNotice = PendingNotice & { readonly link: string | undefined; readonly leftAt: number };

/** Everything that can happen to a domain, with a name server and mailboxes of the test's own. */
export function ownershipServices(store: Store = memoryStore(), changed: Partial<Limits> = {}) {
  const changes: Change[] = [];
  const domains: Domains = {
    ...store.domains,
    async commit(change, confirmation) {
      const outcome = await store.domains.commit(change, confirmation);
      if (outcome === "stored") changes.push(change);
      return outcome;
    },
  };
  // High enough never to matter: limits have tests of their own.
  const many = Object.fromEntries(Object.keys(limits).map((name) => [name, 1_000_000])) as unknown as typeof limits;
  const registration = registrationServices(
    { ...many, wrongCodesPerRegistration: 5, ...changed },
    { ...store, domains },
  );
  const sockets = memorySockets();
  const txt = new Map<string, string[]>();
  const dns = { down: false };
  const visits = memoryVisits();
  const notices: SentNotice[] = [];
  const ports = {
    ...registration,
    domains,
    sockets,
    mailQueue: { registration: (id: string) => Promise.resolve(void registration.queued.push(id)) },
    txtRecords: {
      find: (name: string) =>
        dns.down
          ? Promise.reject(new DependencyError("dns.resolveTxt", "timeout"))
          : Promise.resolve(txt.get(name) ?? []),
    },
  };
  const watch = connectionCloser({
    ...ports,
    checks: { checkLogin: () => Promise.resolve() },
    networks: { closed: () => Promise.resolve() },
  });
  const owners = ownerCommands(ports);
  const office = operatorCommands({ ...ports, connections: watch });
  const visit = accessLinks({ ...ports, sessions: visits });
  const time = domainUpkeep({ ...ports, goOn: () => Promise.resolve() });
  const deliver = noticeMail({
    ...ports,
    links: visits,
    mailer: { send: (mail) => Promise.resolve(void notices.push((mail as unknown as { notice: SentNotice }).notice)) },
    compose: (notice, link) =>
      ({ to: notice.to, notice: { ...notice, link, leftAt: ports.clock.now() } }) as unknown as Mail,
  });

  /** Processes the mail queue; a leased notice comes again. */
  async function work(): Promise<void> {
    await registration.work();
    // These may queue notices.
    for (const sweep of registration.swept.splice(0)) await watch.sweep(sweep.split(" ")[0] ?? "");
    for (const id of registration.noticed.splice(0)) {
      await deliver(id).catch((error: unknown) => {
        if (!(error instanceof MailBusy)) throw error;
        registration.noticed.push(id);
      });
    }
  }

  /**
   * Requests a link to a domain's page, finds it in the mailbox of that address, where a scanner has opened it and sent its
   * form, and follows it with the code; returns the session's token.
   */
  async function enter(domain: string, email: string): Promise<string | undefined> {
    const ids: string[] = [];
    const asking = accessLinks({
      ...ports,
      sessions: visits,
      noticeQueue: { notice: (id) => Promise.resolve(void ids.push(id)) },
    });
    const asked = await asking.ask(domain, address(email), "192.0.2.1", "en");
    for (const id of ids) await deliver(id);
    const mine = notices.findLast(({ kind, to, account }) => kind === "access" && to === email && account === domain);
    await asking.find(mine?.link ?? "");
    await asking.enter(mine?.link ?? "", "test@example.com");
    const entered = await asking.enter(mine?.link ?? "", "code" in asked ? asked.code : "");
    return entered.kind === "entered" ? entered.token : undefined;
  }

  /** Puts a visitor's value where the proof and the operator's view of a claim look for it. */
  async function publish(visitor: Visitor): Promise<void> {
    const seen = await owners.view(visitor);
    const shown = "challenge" in seen ? seen.challenge : "record" in seen ? seen.record : undefined;
    const { name, value } = shown ?? { name: "", value: "" };
    txt.set(name, [...(txt.get(name) ?? []), value]);
  }

  return {
    ...ports,
    watch,
    owners,
    office,
    time,
    visit,
    deliver,
    work,
    enter,
    publish,
    changes,
    notices,
    txt,
    dns,
    stored: store.notices,
  };
}

export type OwnershipServices = ReturnType<typeof ownershipServices>;

export function address(text: string): EmailAddress {
  const parsed = parseEmail(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
