import type { Credentials } from "../core/login.ts";
import type { AccountKey } from "../core/names.ts";

/** What a login is checked against. The same work for every account, known or not. Throws DependencyError. */
export interface CredentialsStore {
  find(key: AccountKey): Promise<Credentials>;
}
