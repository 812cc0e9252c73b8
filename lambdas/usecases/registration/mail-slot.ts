import { slotAllowances } from "../../core/mail/allowances.ts";
import { HOUR_MS, requestAllowances, windowEnd } from "../../core/shared/limits.ts";
import { countRequest, type Limited, type RequestLimitPorts } from "../shared/request-limit.ts";

/** When the email of a registration may be sent; both in Unix ms. */
export type MailSlot =
  | { readonly mailAt: number }
  /** Not within MAX_DELAY_MS: its window may try again then. */
  | { readonly againAt: number };

/** Longest delay, in ms: someone is waiting at a window that shows a code. */
const MAX_DELAY_MS = 3 * HOUR_MS; // 3 hours

/**
 * Counts a source's request and reserves a time for its email: an installer who registers several customers in a row
 * gets every email, some an hour later. The work depends on what this source requested before, never on the domain.
 * Throws DependencyError.
 */
export async function reserveMailSlot(
  ports: RequestLimitPorts,
  to: string,
  source: string,
): Promise<MailSlot | Limited> {
  const { counters, clock, limits } = ports;
  const now = clock.now();
  const slots = slotAllowances(limits, to, source);
  const { exceeded } = await counters.take([...requestAllowances(limits, source), ...slots], now);
  if (exceeded === undefined) return { mailAt: now };
  // Nothing was counted.
  const limited = await countRequest(ports, source);
  if (limited !== undefined) return limited;
  const end = windowEnd({ ...exceeded, window: HOUR_MS }, now);
  for (let mailAt = end; mailAt <= now + MAX_DELAY_MS; mailAt += HOUR_MS) {
    if ((await counters.take(slots, mailAt)).exceeded === undefined) return { mailAt };
  }
  return { againAt: windowEnd(exceeded, now) };
}
