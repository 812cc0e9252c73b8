import { isOperators } from "../../core/domains/accounts.ts";
import type { NameState } from "../../core/domains/domain.ts";
import type { DomainReader } from "../../ports/domains.ts";

/** Who has a name: its owner, or the operator by accounts under it (docs/ownership.md). Throws DependencyError. */
export async function findName(
  domains: Pick<DomainReader, "find" | "accountsOf">,
  account: string,
): Promise<NameState> {
  const domain = await domains.find(account);
  if (domain !== undefined || account.includes("/")) return { domain };
  return { domain, held: (await domains.accountsOf(account)).some(isOperators) };
}
