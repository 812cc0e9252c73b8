import type { Credentials } from "../core/pbx/login.ts";
import type { AccountKey } from "../core/shared/names.ts";

/** What a login is checked against. The same work for every account, known or not. Throws DependencyError. */
export interface CredentialsStore {
  find(key: AccountKey): Promise<Credentials>;
}
