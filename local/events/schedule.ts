import { Cron } from "croner";

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Runs at every time of an EventBridge expression, `rate(5 minutes)` or `cron(0 3 * * ? *)` in UTC. Returns a function
 * that stops it. Throws an Error for any other expression.
 */
export function startSchedule(expression: string, run: () => void): () => void {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/u.exec(expression) ?? [];
  if (value !== undefined && unit !== undefined) {
    const timer = setInterval(run, Number(value) * (UNITS[unit] ?? 0));
    return () => clearInterval(timer);
  }
  const fields = /^cron\((.+)\)$/u.exec(expression)?.[1];
  if (fields === undefined) throw new Error(`cannot run the schedule ${expression}`);
  const job = new Cron(cronerPattern(fields), { timezone: "UTC", sloppyRanges: true }, run);
  return () => job.stop();
}

/** AWS's six fields start with minutes and count days of the week from 1, croner's from 0. */
function cronerPattern(fields: string): string {
  const [minutes, hours, dayOfMonth, month, dayOfWeek = "*", year = "*"] = fields.trim().split(/\s+/u);
  const weekday = dayOfWeek.replace(/(?<![#\w])\d(?=[-,L#]|$)/gu, (day) => String(Number(day) - 1));
  return ["0", minutes, hours, dayOfMonth, month, weekday, year].join(" ");
}
