import { expect, it } from "vitest";
import { findName } from "../../../lambdas/usecases/domains/find-name.ts";
import { OPERATOR, ownershipServices } from "../../support/services/ownership.ts";

const DOMAIN = "pbx.example.com";

/** Who has a name, and how often its accounts were asked for. */
function setting() {
  const services = ownershipServices();
  let asked = 0;
  const domains = {
    ...services.domains,
    accountsOf: (domain: string) => ((asked += 1), services.domains.accountsOf(domain)),
  };
  return { ...services, who: async (name: string) => findName(domains, name), asked: () => asked };
}

it("a name that is registered is its owner's, whatever accounts stand under it: they are not asked for", async () => {
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

it("a name that nobody has registered is the operator's by an account under it, else free", async () => {
  const { who, office } = setting();
  expect(await who(DOMAIN)).toStrictEqual({ domain: undefined, held: false });
  await office.add({ account: `${DOMAIN}/theirs` }, OPERATOR);
  expect(await who(DOMAIN)).toStrictEqual({ domain: undefined, held: true });
});

it("an account has no accounts under it", async () => {
  const { who, asked } = setting();
  expect([await who(`${DOMAIN}/master`), asked()]).toStrictEqual([{ domain: undefined }, 0]);
});
