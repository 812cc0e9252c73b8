import type { Suppression } from "../core/mail/suppression.ts";
import type { Page } from "./domains.ts";

/** Addresses that get no mail. All throw DependencyError. */
export interface Suppressions {
  find(address: string): Promise<Suppression | undefined>;
  /** The first reason stays. */
  add(suppression: Suppression): Promise<void>;
  /** False if there was none. */
  remove(address: string): Promise<boolean>;
  list(limit: number, after?: string): Promise<Page<Suppression>>;
}
