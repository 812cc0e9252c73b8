import { expect, it } from "vitest";
import { findName } from "../../../lambdas/usecases/domains/find-name.ts";
import { OPERATOR, ownershipServices } from "../../support/services/ownership.ts";

const DOMAIN = "pbx.example.com";

/** Finds who has a name, and counts reads of its accounts. */
function setting() {
  const services = ownershipServices();
  let asked = 0;
  const domains = {
    ...services.domains,
    accountsOf: (domain: string) => ((asked += 1), services.domains.accountsOf(domain)),
  };
  return { ...services, who: async (name: string) => findName(domains, name), asked: () => asked };
}

it("a registered name is its owner's, whatever accounts are under it, which are not read", async () => {
  const { who, asked, register, office } = setting();
  await office.add({ account: `${DOMAIN}/theirs` }, OPERATOR);
  await office.add({ account: DOMAIN, owner: "owner@example.com" }, OPERATOR);
  expect(await who(DOMAIN)).toStrictEqual({
    domain: expect.objectContaining({ owner: "owner@example.com" }) as object,
  });
  await register("free.example.com", "owner@example.com");
  await who("free.example.com");
  expect(asked()).toBe(0);
});

it("an unregistered name is the operator's if there is an account under it, otherwise free", async () => {
  const { who, office } = setting();
  expect(await who(DOMAIN)).toStrictEqual({ domain: undefined, held: false });
  await office.add({ account: `${DOMAIN}/theirs` }, OPERATOR);
  expect(await who(DOMAIN)).toStrictEqual({ domain: undefined, held: true });
});

it("an account has no accounts under it", async () => {
  const { who, asked } = setting();
  expect([await who(`${DOMAIN}/master`), asked()]).toStrictEqual([{ domain: undefined }, 0]);
});
