import type { AuditEntry } from "../../core/domains/audit.ts";
import type { Domain } from "../../core/domains/domain.ts";
import type { AppState, DomainDetails, SuppressionView, TestPushResult } from "../../core/admin/views.ts";
import type { ListedDomain } from "../../usecases/admin/queries.ts";
import type { RecordNow } from "../../core/domains/proof/txt-proof.ts";

/** With its secret, which is shown only this once, and the URL that goes into the Push object with it. */
export type IssuedDomain = Domain & {
  readonly secret: string;
  readonly url: string;
  readonly warning?: string | undefined;
};

export type { ListedDomain };

/**
 * The JSON answer of each route of the operator's API; undefined if it has no body. Times in Unix ms. Lists have a
 * `next`, to be passed as `after`, until the end.
 */
export interface AdminAnswers {
  readonly "GET /whoami": {
    /** ARN of the identity that signed the request; `local` if requests are not signed. */
    readonly identity: string;
    readonly stage: string;
    /** What goes into the Push object. */
    readonly url: string;
  };
  readonly "GET /domains": { readonly domains: readonly ListedDomain[]; readonly next?: string | undefined };
  readonly "POST /domains": IssuedDomain;
  readonly "GET /domain": Domain & Omit<DomainDetails, "domain">;
  readonly "DELETE /domain": undefined;
  readonly "GET /domain/history": { readonly account: string; readonly history: readonly AuditEntry[] };
  readonly "GET /domain/record": { readonly account: string; readonly record: RecordNow };
  readonly "POST /domain/replace": IssuedDomain;
  readonly "POST /domain/end-old": Domain;
  readonly "POST /domain/suspend": Domain;
  readonly "POST /domain/resume": Domain;
  readonly "POST /domain/object": Domain;
  readonly "POST /domain/transfer": Domain;
  readonly "POST /domain/decide": Domain;
  readonly "POST /domain/disconnect": { readonly account: string; readonly closed: number };
  readonly "POST /domain/resend": { readonly account: string; readonly resent: number };
  readonly "GET /suppressions": {
    readonly suppressions: readonly SuppressionView[];
    readonly next?: string | undefined;
  };
  readonly "DELETE /suppressions": undefined;
  readonly "POST /push": TestPushResult;
  readonly "POST /tokens/lift": undefined;
  readonly "GET /apps": { readonly apps: readonly AppState[] };
}
