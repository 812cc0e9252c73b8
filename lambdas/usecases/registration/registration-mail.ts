import { mayRegister } from "../../core/domains/domains.ts";
import { showsRight } from "../../core/domains/proof/name-rights.ts";
import type { Limits } from "../../core/shared/limits.ts";
import { hashToken, newToken, TOKEN_BYTES } from "../../core/shared/token.ts";
import { isOpen, type Registration } from "../../core/registration/registration.ts";
import type { Random } from "../../ports/clock.ts";
import type { DomainReader } from "../../ports/domains.ts";
import type { KnownNetworks, Mail } from "../../ports/mail.ts";
import type { Registrations } from "../../ports/registration.ts";
import { domainMemberAllowances, unrelatedAllowances } from "../../core/mail/allowances.ts";
import { findName } from "../domains/find-name.ts";
import { sendMail, type SendMailPorts } from "../mail/send-mail.ts";

export interface RegistrationMailPorts extends SendMailPorts {
  readonly registrations: Registrations;
  readonly domains: DomainReader;
  readonly knownNetworks: Pick<KnownNetworks, "knows">;
  readonly random: Random;
  readonly limits: Limits;
  /** Composes the email; `link` is the token in its link. */
  readonly compose: (registration: Registration, link: string) => Mail;
}

/** Sends the email of a registration (docs/protocol.md, Registration 2), by its id. Throws like send-mail.ts. */
export function registrationMail(ports: RegistrationMailPorts): (id: string) => Promise<void> {
  const { registrations, domains, knownNetworks, random, limits, compose } = ports;
  return sendMail<Registration>(ports, {
    name: "registration mail",
    async leaseMail(id, now, until) {
      const claimed = await registrations.leaseMail(id, now, until);
      if (claimed === "busy" || claimed === undefined) return claimed;
      return isOpen(claimed, now, limits.wrongCodesPerRegistration) ? claimed : undefined;
    },
    setMail: (id, mail, release) => registrations.setMail(id, mail, release),
    about: ({ emailKey, domain }) => ({ to: emailKey, account: domain }),
    wanted: async ({ domain, emailKey }) => mayRegister(await findName(domains, domain), emailKey).ok,
    async allowances({ emailKey: to, domain: account, source }) {
      const caused = { to, account, source };
      const hasPart = (await domains.find(account))?.owner === to;
      if (!hasPart && !showsRight(to, account)) return unrelatedAllowances(limits, caused);
      const known = await knownNetworks.knows(to, source, ports.clock.now());
      return domainMemberAllowances(limits, { ...caused, hasPart, known });
    },
    async write(registration) {
      const link = newToken(random.bytes(TOKEN_BYTES));
      await registrations.addLink(hashToken(link), registration);
      return compose(registration, link);
    },
  });
}
