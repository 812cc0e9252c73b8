import { describe, expect, it } from "vitest";
import type { MailProgress } from "../../../lambdas/core/shared/email.ts";
import { MailBusy, sendMail } from "../../../lambdas/usecases/mail/send-mail.ts";
import type { Suppression } from "../../../lambdas/core/mail/suppression.ts";
import { DependencyError } from "../../../lambdas/ports/errors.ts";
import { rememberingTelemetry } from "../../support/memory/remembering-telemetry.ts";
import { testClock } from "../../support/values/time-and-chance.ts";

const TO = "anna@example.org";
const LIMIT = { name: "mails-day", subject: "all", most: 1, window: 5 };

interface Options {
  readonly mail?: MailProgress;
  readonly leased?: "busy" | "nothing";
  readonly wanted?: boolean;
  readonly suppression?: Suppression;
  readonly exceeded?: boolean;
  readonly fails?: boolean;
}

/** One email of a kind, and everything that happened to it in order. */
function setting({
  mail = "queued",
  leased,
  wanted = true,
  suppression,
  exceeded = false,
  fails = false,
}: Options = {}) {
  const [clock, telemetry, happened] = [testClock(), rememberingTelemetry(), [] as unknown[]];
  const deliver = sendMail<{ readonly mail: MailProgress }>(
    {
      clock,
      telemetry,
      suppressions: {
        find: (address) => {
          happened.push(["suppressed?", address]);
          return Promise.resolve(suppression);
        },
      },
      counters: {
        take: (allowances) => {
          happened.push(["count", allowances]);
          return Promise.resolve({ exceeded: exceeded ? LIMIT : undefined });
        },
      },
      mailer: {
        send: (each) => {
          happened.push(["send", each]);
          return fails ? Promise.reject(new DependencyError("ses.SendRawEmail", "throttled")) : Promise.resolve();
        },
      },
    },
    {
      name: "test mail",
      leaseMail: (id, now, until) => {
        happened.push(["lease", id, until - now]);
        return Promise.resolve(leased === "busy" ? "busy" : leased === "nothing" ? undefined : { mail });
      },
      setMail: (id, progress, release) => Promise.resolve(void happened.push(["set", id, progress, release])),
      about: () => ({ to: TO, account: "pbx.example.com" }),
      wanted: () => Promise.resolve(wanted),
      allowances: () => Promise.resolve([LIMIT]),
      write: () => Promise.resolve({ to: TO, subject: "s", html: "h", text: "t" }),
    },
  );
  return { deliver: () => deliver("id"), happened, telemetry };
}

const LEASE = ["lease", "id", 60_000];
const SEND = ["send", { to: TO, subject: "s", html: "h", text: "t" }];
const ASKED = [
  ["suppressed?", TO],
  ["count", [LIMIT]],
];
/** With the reader's address as a tag. */
const logged = (level: string, outcome: string) => ({
  level,
  message: "test mail",
  account: "pbx.example.com",
  to: expect.stringMatching(/^[0-9a-f]{8}$/u) as string,
  outcome,
});
const bounced = { address: TO, reason: "bounced", at: testClock().now() } as const;

describe("an email", () => {
  it.each<readonly [string, Options, readonly unknown[], string]>([
    [
      "that is allowed is sent once, and counted as sent",
      {},
      [LEASE, ...ASKED, ["set", "id", "allowed", false], SEND, ["set", "id", "sent", true]],
      "sent",
    ],
    [
      "that was allowed before is not counted again",
      { mail: "allowed" },
      [LEASE, SEND, ["set", "id", "sent", true]],
      "sent",
    ],
    ["that is no longer needed is not sent", { wanted: false }, [LEASE, ["set", "id", "silent", true]], "silent"],
    [
      "to a suppressed address is not sent, and uses up no limit",
      { suppression: bounced },
      [LEASE, ["suppressed?", TO], ["set", "id", "suppressed", true]],
      "suppressed",
    ],
    ["beyond a limit is not sent", { exceeded: true }, [LEASE, ...ASKED, ["set", "id", "limited", true]], "limited"],
  ])("%s", async (_, options, expected, outcome) => {
    const { deliver, happened, telemetry } = setting(options);
    await deliver();
    expect(happened).toEqual(expected);
    expect(telemetry.metrics).toEqual([
      ...(outcome === "limited" ? ["Limited 1 outcome=mails-day"] : []),
      `Mail 1 outcome=${outcome}`,
    ]);
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([logged("info", outcome)]);
  });

  it("that fails is counted as failed, loses its lease, and comes again", async () => {
    const { deliver, happened, telemetry } = setting({ fails: true });
    await expect(deliver()).rejects.toMatchObject({ kind: "throttled" });
    expect(happened.slice(-3)).toEqual([["set", "id", "allowed", false], SEND, ["set", "id", "allowed", true]]);
    expect(telemetry.metrics).toEqual(["Mail 1 outcome=failed"]);
    expect(telemetry.lines.map((line) => JSON.parse(line) as object)).toEqual([logged("error", "failed")]);
  });

  it("leased by another delivery comes again later", async () => {
    const { deliver, happened } = setting({ leased: "busy" });
    await expect(deliver()).rejects.toBeInstanceOf(MailBusy);
    // As the function's log shows it.
    await expect(deliver().catch(String)).resolves.toBe("MailBusy: another delivery of this message has it in hand");
    expect(happened).toEqual([LEASE, LEASE]);
  });

  it("that was sent already is not sent again", async () => {
    const { deliver, happened, telemetry } = setting({ leased: "nothing" });
    await deliver();
    expect([happened, [...telemetry.counts]]).toEqual([[LEASE], []]);
  });
});
