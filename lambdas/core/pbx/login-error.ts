/**
 * Why a login was refused; the client hears the same of all.
 * - `unknown`: nobody has the domain · `suspended`: by the operator, domain or account
 * - `old-password`: one that was replaced, and whose time is over · `wrong-password`: none that we know
 */
export type LoginProblem = "unknown" | "suspended" | "old-password" | "wrong-password";
