/** The `errorText` of each name; that of `Malformed` says what is wrong. */
const TEXTS = {
  Unauthorized: "unknown domain or wrong password",
  NoChallenge: "ask for a challenge first; each is good for one login",
  TooManyFailures: "too many failed logins, please check the password",
  DatabaseErr: "temporary failure, please try again",
  NoConnection: "please open a new connection",
} as const;

/** The `error` of an AppLoginResult or AppChallengeResult, by its published name (docs/protocol.md). */
export interface LoginError {
  readonly error: keyof typeof TEXTS | "Malformed";
  readonly errorText: string;
}

export const loginError = (error: keyof typeof TEXTS): LoginError => ({ error, errorText: TEXTS[error] });
export const malformedLogin = (errorText: string): LoginError => ({ error: "Malformed", errorText });

/**
 * Why a login was refused, for owner and operator; the client always gets `Unauthorized`.
 * - `unknown`: the domain is not registered · `suspended`: the operator suspended the domain or account
 * - `old-password`: a replaced one that is no longer valid · `wrong-password`: none that we know
 */
export type LoginProblem = "unknown" | "suspended" | "old-password" | "wrong-password";
