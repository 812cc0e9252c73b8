import { randomBytes } from "node:crypto";
import { allSuppressions } from "../../admin/list.ts";
import { registrationClient } from "../../pbx/registration.ts";
import { isLoopback } from "../../pbx/url.ts";
import { pause } from "../socket.ts";
import { notTried, once, proven, refuted, type Means, type Proof, type Verdict } from "../means.ts";

const LOOK_EVERY_MS = 3_000;

/**
 * Asks for a registration to SES's mailbox simulator, which bounces it, also in SES's sandbox (SES developer guide,
 * "Using the mailbox simulator"; labels after a plus are allowed). The address must then appear among the suppressed
 * ones.
 */
export async function bounceOf({ target, operator, patienceMs }: Means, lookEveryMs = LOOK_EVERY_MS): Promise<Verdict> {
  if (operator === undefined) return notTried("needs the operator's API, which lists the addresses that get no email");
  const id = randomBytes(6).toString("hex");
  const address = `bounce+prove-${id}@simulator.amazonses.com`;
  await registrationClient(target.pagesUrl ?? target.url, AbortSignal.timeout(15_000)).start(
    `prove-${id}.example.com`,
    address,
  );
  for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
    if ((await allSuppressions(operator)).some((found) => found.address === address)) {
      await operator.call("DELETE", "/suppressions", { query: { address } });
      return proven(`an email to ${address} bounced, and the service knows`);
    }
    await pause(lookEveryMs);
  }
  return refuted(
    `an email to ${address} left no trace within ${patienceMs / 1_000} s: the log of function mail says whether SES took it`,
  );
}

const bounce = once(async (means) =>
  isLoopback(means.target.pagesUrl ?? means.target.url)
    ? notTried("no address bounces on this machine")
    : bounceOf(means),
);

/** By their ids in docs/unproven.md. */
export const bounces: Readonly<Record<string, Proof>> = { "ses-rights": bounce, "ses-publisher": bounce };
