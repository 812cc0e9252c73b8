/** `queued` → `allowed` (limits counted) → `sent`; or `silent`, `limited`, `suppressed`: none goes out. */
export type MailProgress = "queued" | "allowed" | "sent" | "silent" | "limited" | "suppressed";
