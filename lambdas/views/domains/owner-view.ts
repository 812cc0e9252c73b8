import type { LoginProblem } from "../../core/pbx/login-error.ts";
import type { PbxInfo } from "../../core/pbx/pbx-info.ts";
import type { SecretMarks } from "../../core/pbx/secret.ts";
import type { PostsView } from "../../core/domains/recent-posts.ts";
import type { OwnersLimits } from "../../core/shared/limits.ts";
import type { en } from "../texts/en.ts";

/** What the pages of one domain show (usecases/domains/owner-commands.ts). Times in Unix ms. */
export interface ConnectionView {
  readonly source: string;
  readonly connectedAt: number;
  /** Undefined where it was not asked for, or nobody knows. */
  readonly lastActiveAt?: number;
  readonly login: { readonly account: string; readonly secretId: string };
  readonly pbx?: PbxInfo;
}

export interface ChallengeView {
  readonly name: string;
  readonly value: string;
  readonly expiresAt: number;
  readonly seen?: RecordSeenView;
}

/** What the DNS said when it was asked. */
export interface RecordSeenView {
  readonly kind: "found" | "missing" | "unreachable";
  readonly values: readonly string[];
  readonly at: number;
}

export interface ClaimView {
  readonly claimant: string;
  readonly madeAt: number;
  readonly objectUntil: number;
  readonly objectedAt?: number;
}

export interface RefusedLoginView {
  readonly account: string;
  readonly source: string;
  readonly at: number;
  readonly reason: LoginProblem;
  /** How often, if that is known. */
  readonly refusals?: number;
}

export interface OwnerView {
  readonly account: string;
  readonly state: "active" | "suspended";
  readonly standing: "provisional" | "proven";
  readonly secrets: SecretMarks;
  readonly connections: readonly ConnectionView[];
  /** Whether the activity of the connections was asked for. */
  readonly activity: boolean;
  /** `none`: no post is known. `off`: the stage keeps none. */
  readonly posts: PostsView | "none" | "off";
  readonly limits: OwnersLimits;
  /** Newest first. */
  readonly refusedLogins: readonly RefusedLoginView[];
  readonly accounts: readonly {
    readonly account: string;
    readonly state: "active" | "suspended";
    readonly createdAt: number;
  }[];
  readonly change?: { readonly to: string; readonly expiresAt: number };
  readonly claim?: ClaimView;
  readonly challenge?: ChallengeView;
}

/** What the last step led to. */
export type Said = keyof (typeof en)["owner"]["said"];

/** Whose browser it is, and for how long. */
export interface PageSession {
  /** Email key. */
  readonly email: string;
  /** For every form (core/web/web-session.ts). */
  readonly formToken: string;
  readonly now: number;
  readonly until: number;
  readonly said?: Said | undefined;
}
