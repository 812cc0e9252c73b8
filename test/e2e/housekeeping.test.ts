import { describe, expect, it } from "vitest";
import type { Domain } from "../../lambdas/core/domains/domain.ts";
import { announcementOf } from "../../lambdas/core/domains/expiry.ts";
import { useHost } from "../support/process/host.ts";
import { age } from "../support/services/aging.ts";
import { mailsTo, register } from "../support/services/register.ts";
import { eventually } from "../support/process/waiting.ts";

const host = useHost();

const state = async (account: string) => fetch(`${host().url}/_local/admin/domain?account=${account}`);

describe("a registration that no PBX ever used", () => {
  it("gets a warning and then expires, on the daily schedule", async () => {
    const [account, owner] = ["unused.example.com", "unused@example.com"];
    await register(host(), account, owner);
    const row = { pk: `DOMAIN#${account}`, sk: "DOMAIN" };
    await age(host(), row, { changedAt: Date.now() - 30 * 86_400_000 });
    await host().runSchedules();
    const domain = async () => (await (await state(account)).json()) as Domain;
    const { version, endsAt } = await eventually(async () =>
      (await domain()).endsAt === undefined ? undefined : domain(),
    );
    expect(endsAt).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    await eventually(async () => ((await mailsTo(host(), owner)).length === 2 ? true : undefined));
    await age(host(), row, { endsAt: Date.now() - 1 });
    await age(
      host(),
      { pk: `NOTICE#${announcementOf({ account, version })}`, sk: "NOTICE" },
      { mailAt: Date.now() - 7 * 86_400_000 - 1 },
    );
    await host().runSchedules();
    await eventually(async () => ((await state(account)).status === 404 ? true : undefined));
    await eventually(async () => ((await mailsTo(host(), owner)).length === 3 ? true : undefined));
  });
});
