import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { numberFrom } from "../../shared/options.ts";
import { complain, EXIT, interrupted, say } from "../../shared/terminal.ts";
import { failureFrom, isPbxError } from "../errors.ts";
import { isTemporary } from "../http.ts";
import { jsonLinesOption, urlOption, type TargetOptions } from "../options.ts";
import { registrationClient, type Registration } from "../registration.ts";

interface RegisterOptions extends TargetOptions {
  readonly email: string;
  readonly json?: true;
  /** Seconds between two polls. */
  readonly poll: number;
}

/** Tolerated failed polls in a row: a service that restarts keeps tickets. */
const BEARABLE_FAILURES = 10;

export const registerCommand = () =>
  new Command("register")
    .summary("register a domain by email, as the Connect window does")
    .description(
      "Registers a domain by email: shows the code to enter on the page linked in the email, waits, and prints URL and password for the Push object.",
    )
    .argument("<domain>", "System Name of the PBX, a DNS name")
    .addOption(new Option("--email <address>", "where the link goes").makeOptionMandatory())
    .addOption(urlOption())
    .addOption(jsonLinesOption())
    .addOption(new Option("--poll <seconds>", "time between two polls").default(2).argParser(numberFrom(0.1, 60)))
    .addHelpText(
      "after",
      `
Example:
  $ npx push-pbx register pbx.example.com --email admin@example.com
  (the local host shows its emails at http://127.0.0.1:8080/_local/mail)

Exit code: 0 registered, 1 expired or refused, 2 wrong usage, 3 service not reached.`,
    )
    .action(async (domain: string, options: RegisterOptions) => {
      process.exitCode = await register(domain, options);
    });

async function register(domain: string, options: RegisterOptions): Promise<number> {
  const signal = interrupted();
  const client = registrationClient(options.url, signal);
  try {
    const { ticket, code, expiresIn } = await client.start(domain, options.email);
    if (options.json) say(JSON.stringify({ state: "waiting", code, expiresIn }));
    else {
      say(`Your code: ${code}`);
      say(`Open the link in the email to ${options.email} and enter the code there. Waiting …`);
    }
    const outcome = await untilDecided(() => client.poll(ticket), options.poll * 1_000, signal);
    show(outcome, options.json ?? false);
    if (outcome.state !== "confirmed") return EXIT.failed;
    await client.acknowledge(ticket).catch((error: Error) => complain(`not acknowledged: ${error.message}`));
    return EXIT.ok;
  } catch (error) {
    throw failureFrom(error, EXIT.failed);
  }
}

async function untilDecided(poll: () => Promise<Registration>, everyMs: number, signal: AbortSignal) {
  for (let failures = 0; ; ) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    try {
      const registration = await poll();
      if (registration.state !== "waiting") return registration;
      failures = 0;
    } catch (error) {
      const bearable = isTemporary(error) || (isPbxError(error) && error.kind === "unreachable");
      if (!bearable || ++failures > BEARABLE_FAILURES) throw error;
    }
  }
}

/** By the reason that the service gives (docs/protocol.md, Registration). */
const ENDS: Readonly<Record<string, string>> = {
  time: "the link and code were not used in time",
  codes: "a wrong code was entered too often",
  taken: "the domain belongs to another address or to the operator by now",
  ended: "the registration was cancelled",
  lost: "the password has been replaced or deleted since",
};

function show(outcome: Registration, json: boolean): void {
  if (json) return say(JSON.stringify(outcome));
  if (outcome.state === "expired") {
    const { reason = "" } = outcome;
    complain(`Not registered: ${ENDS[reason] ?? "the password is no longer shown"}.`);
    if (reason === "time")
      complain("No email? The address may be mistyped, or the domain belongs to another address or to the operator.");
  }
  if (outcome.state !== "confirmed") return;
  say(`Connect succeeded: ${outcome.domain}`);
  say(`  URL       ${outcome.url}`);
  say(`  Password  ${outcome.password}`);
}
