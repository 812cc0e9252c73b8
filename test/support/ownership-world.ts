import type { Change } from "../../lambdas/core/change.ts";
import { parseEmail, type EmailAddress } from "../../lambdas/core/email.ts";
import type { Notice, Visitor } from "../../lambdas/core/notice.ts";
import type { Domains } from "../../lambdas/ports/domains.ts";
import { DependencyError } from "../../lambdas/ports/errors.ts";
import type { Mail } from "../../lambdas/ports/mail.ts";
import { aging } from "../../lambdas/usecases/aging.ts";
import { MailBusy } from "../../lambdas/usecases/mailing.ts";
import { noticeMail } from "../../lambdas/usecases/notice-mail.ts";
import { operating } from "../../lambdas/usecases/operating.ts";
import { owning } from "../../lambdas/usecases/owning.ts";
import { watching } from "../../lambdas/usecases/watching.ts";
import { memoryStore, type Store } from "./memory-store.ts";
import { limits, registrationWorld } from "./registration-world.ts";
import { memorySockets } from "./sockets.ts";

export const OPERATOR = "operator test";

export type SentNotice = Notice & { readonly link: string | undefined };

/** Everything that can happen to a domain, with a name server and mailboxes of the test's own. */
export function ownershipWorld(store: Store = memoryStore()) {
  const changes: Change[] = [];
  const domains: Domains = {
    ...store.domains,
    async commit(change, confirmation) {
      const outcome = await store.domains.commit(change, confirmation);
      if (outcome === "stored") changes.push(change);
      return outcome;
    },
  };
  // As generous as can be: limits have tests of their own.
  const many = Object.fromEntries(Object.keys(limits).map((name) => [name, 1_000_000])) as unknown as typeof limits;
  const registration = registrationWorld({ ...many, wrongCodesPerRegistration: 5 }, { ...store, domains });
  const sockets = memorySockets();
  const txt = new Map<string, string[]>();
  const dns = { down: false };
  const links = new Map<string, Visitor>();
  const notices: SentNotice[] = [];
  const ports = {
    ...registration,
    domains,
    sockets,
    mailQueue: { registration: (id: string) => Promise.resolve(void registration.queued.push(id)) },
    txtRecords: {
      find: (name: string) =>
        dns.down ? Promise.reject(new DependencyError("dns.resolveTxt", "timeout")) : Promise.resolve(txt.get(name) ?? []),
    },
  };
  const watch = watching(ports);
  const owners = owning(ports);
  const office = operating({ ...ports, watching: watch });
  const time = aging({ ...ports, goOn: () => Promise.resolve() });
  const deliver = noticeMail({
    ...ports,
    links: { add: (hash, visitor) => Promise.resolve(void links.set(hash, visitor)) },
    mailer: { send: (mail) => Promise.resolve(void notices.push((mail as unknown as { notice: SentNotice }).notice)) },
    compose: (notice, link) => ({ to: notice.to, notice: { ...notice, link } }) as unknown as Mail,
  });

  /** Works off the mail queue; a notice that somebody has in hand comes again. */
  async function work(): Promise<void> {
    await registration.work();
    for (const id of registration.noticed.splice(0)) {
      await deliver(id).catch((error: unknown) => {
        if (!(error instanceof MailBusy)) throw error;
        registration.noticed.push(id);
      });
    }
    for (const sweep of registration.swept.splice(0)) await watch.sweep(sweep.split(" ")[0] ?? "");
  }

  /** Puts a visitor's value where the proof looks for it. */
  async function publish(visitor: Visitor): Promise<void> {
    const { name, value } = (await owners.look(visitor).then((seen) => ("challenge" in seen ? seen.challenge : undefined))) ?? {
      name: "",
      value: "",
    };
    txt.set(name, [...(txt.get(name) ?? []), value]);
  }

  return { ...ports, watch, owners, office, time, deliver, work, publish, changes, links, notices, txt, dns };
}

export type OwnershipWorld = ReturnType<typeof ownershipWorld>;

export function address(text: string): EmailAddress {
  const parsed = parseEmail(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}
